// One enterprise in its own subscription and network. For a Managed HSM: size = union(enterprise, { managedHsm: true }) and hsmAdministrators.

using 'main.bicep'

import { enterprise } from 'sizes.bicep'

param environmentName = 'enterprise'
param location = 'westeurope'
param secondRegion = 'northeurope'
param size = enterprise
param network = 'mainnet'
param networkAddresses = '10.60.0.0/22'
param flowsImage = readEnvironmentVariable('FLOWS_IMAGE', 'mcr.microsoft.com/azure-functions/dotnet-isolated:4-dotnet-isolated10.0')
param proverImage = readEnvironmentVariable('PROVER_IMAGE', 'mcr.microsoft.com/azure-functions/dotnet-isolated:4-dotnet-isolated10.0')
