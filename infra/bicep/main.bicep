// MidnightOS.Functions in a subscription: a resource group and everything in it. docs/azure.md explains the parts; sizes.bicep holds the sizes.

targetScope = 'subscription'

import { sizing } from 'sizes.bicep'

@description('The environment\'s name: dev, prod-eu. It tells deployments in one subscription apart.')
@minLength(2)
@maxLength(20)
param environmentName string

@description('The region.')
@minLength(2)
param location string

@description('How large it is: one of sizes.bicep, changed with union() where needed.')
param size sizing

@description('A second region that the documents can be read in and fail over to; empty for none.')
param secondRegion string = ''

@description('The image of the flows, such as <registry>.azurecr.io/flows:<tag>. Until there is one, an empty Functions host runs.')
param flowsImage string = 'mcr.microsoft.com/azure-functions/dotnet-isolated:4-dotnet-isolated10.0'

@description('The image of the prover.')
param proverImage string = 'mcr.microsoft.com/azure-functions/dotnet-isolated:4-dotnet-isolated10.0'

@description('The Midnight network.')
@allowed(['preview', 'preprod', 'mainnet'])
param network string = 'preview'

@description('The indexer\'s and the node\'s address; empty = the network\'s own.')
param indexer string = ''
param node string = ''

@description('The address that clients use, without a slash at its end: https://api.example.com. Empty = Front Door\'s or the app\'s own.')
param publicAddress string = ''

@description('The endpoint and the deployment of an Azure OpenAI model; empty = the scripted model.')
param modelEndpoint string = ''
param modelName string = ''

@description('The app registration for sign-in with Entra ID; empty = none. Neither id is a secret.')
param entraClientId string = ''
param entraTenantId string = ''

@description('The directories whose users may sign in, by their ids; empty = that of entraTenantId alone. Needed when that is organizations.')
param entraAllowedTenants string[] = []

@description('Addresses of the network of an isolated deployment.')
param networkAddresses string = '10.60.0.0/22'

@description('Who activates the Managed HSM pool, by object id; needed when the size has one.')
param hsmAdministrators string[] = []

@description('Set once the pool is active and holds the wallets\' key: from then on the flows use it there.')
param hsmActive bool = false

@description('The age at which a key gets a new version.')
param rotateKeysAfter string = 'P365D'

@description('Requests a minute that Front Door lets through from one address.')
@minValue(10)
param requestsPerMinute int = 1200

@description('Whom alerts are mailed to.')
param alertEmails string[] = []

var token = uniqueString(subscription().id, environmentName, location)
var tags = { 'azd-env-name': environmentName, app: 'midnightos-functions' }

resource group 'Microsoft.Resources/resourceGroups@2024-11-01' = {
  name: 'rg-midnightos-${environmentName}'
  location: location
  tags: tags
}

module platform 'platform.bicep' = {
  name: 'platform'
  scope: group
  params: {
    location: location
    tags: tags
    token: token
    size: size
    secondRegion: secondRegion
    flowsImage: flowsImage
    proverImage: proverImage
    network: network
    indexer: indexer
    node: node
    publicAddress: publicAddress
    modelEndpoint: modelEndpoint
    modelName: modelName
    entraClientId: entraClientId
    entraTenantId: entraTenantId
    entraAllowedTenants: entraAllowedTenants
    networkAddresses: networkAddresses
    hsmAdministrators: hsmAdministrators
    hsmActive: hsmActive
    rotateKeysAfter: rotateKeysAfter
    requestsPerMinute: requestsPerMinute
    alertEmails: alertEmails
  }
}

output AZURE_RESOURCE_GROUP string = group.name
output AZURE_CONTAINER_REGISTRY_NAME string = platform.outputs.registryName
output AZURE_CONTAINER_REGISTRY_ENDPOINT string = platform.outputs.registryServer
output API_ADDRESS string = platform.outputs.apiAddress
output API_APP string = platform.outputs.apiName
output FLOWS_APP string = platform.outputs.flowsName
output PROVER_APP string = platform.outputs.proverName
output KEY_VAULT_NAME string = platform.outputs.vaultName
output COSMOS_ACCOUNT string = platform.outputs.cosmosName
output DATA_STORAGE_ACCOUNT string = platform.outputs.dataStorageName
output SCHEDULER_NAME string = platform.outputs.schedulerName
