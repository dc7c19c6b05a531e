// What azd reads. MIDNIGHTOS_SIZE names the size: azd env set MIDNIGHTOS_SIZE saas

using 'main.bicep'

import { sizes } from 'sizes.bicep'

param environmentName = readEnvironmentVariable('AZURE_ENV_NAME', 'dev')
param location = readEnvironmentVariable('AZURE_LOCATION', 'westeurope')
param size = sizes[readEnvironmentVariable('MIDNIGHTOS_SIZE', 'dev')]
param secondRegion = readEnvironmentVariable('MIDNIGHTOS_SECOND_REGION', '')
param flowsImage = readEnvironmentVariable('FLOWS_IMAGE', 'mcr.microsoft.com/azure-functions/dotnet-isolated:4-dotnet-isolated10.0')
param proverImage = readEnvironmentVariable('PROVER_IMAGE', 'mcr.microsoft.com/azure-functions/dotnet-isolated:4-dotnet-isolated10.0')
param network = readEnvironmentVariable('MIDNIGHT_NETWORK', 'preview')
param publicAddress = readEnvironmentVariable('MIDNIGHTOS_ADDRESS', '')
param modelEndpoint = readEnvironmentVariable('MIDNIGHTOS_MODEL_ENDPOINT', '')
param modelName = readEnvironmentVariable('MIDNIGHTOS_MODEL', '')
param entraClientId = readEnvironmentVariable('MIDNIGHTOS_ENTRA_CLIENT_ID', '')
param entraTenantId = readEnvironmentVariable('MIDNIGHTOS_ENTRA_TENANT_ID', '')
param entraAllowedTenants = filter(split(readEnvironmentVariable('MIDNIGHTOS_ENTRA_ALLOWED_TENANTS', ''), ','), id => !empty(id))
