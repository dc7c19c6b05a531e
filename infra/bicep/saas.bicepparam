// Many tenants who pay by use.

using 'main.bicep'

import { saas } from 'sizes.bicep'

param environmentName = 'prod'
param location = 'westeurope'
param secondRegion = 'northeurope'
param size = saas
param network = 'mainnet'
param flowsImage = readEnvironmentVariable('FLOWS_IMAGE', 'mcr.microsoft.com/azure-functions/dotnet-isolated:4-dotnet-isolated10.0')
param proverImage = readEnvironmentVariable('PROVER_IMAGE', 'mcr.microsoft.com/azure-functions/dotnet-isolated:4-dotnet-isolated10.0')
