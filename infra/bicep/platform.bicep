// Everything in the resource group, and who may do what in it.

import { sizing } from 'sizes.bicep'

param location string
param tags object

@description('Tells this deployment\'s names apart from all others in Azure.')
@minLength(13)
@maxLength(13)
param token string

param size sizing
param secondRegion string
param flowsImage string
param proverImage string
param network string
param indexer string
param node string
param publicAddress string
param modelEndpoint string
param modelName string
param entraClientId string
param entraTenantId string
param entraAllowedTenants string[]
param networkAddresses string
param hsmAdministrators string[]
param hsmActive bool
param rotateKeysAfter string
param requestsPerMinute int
param alertEmails string[]

module identities 'modules/identities.bicep' = {
  name: 'identities'
  params: { location: location, tags: tags, token: token }
}

var principals = {
  api: identities.outputs.api.principalId
  flows: identities.outputs.flows.principalId
  prover: identities.outputs.prover.principalId
}

module monitoring 'modules/monitoring.bicep' = {
  name: 'monitoring'
  params: {
    location: location
    tags: tags
    token: token
    retentionDays: size.logRetentionDays
    dailyCap: size.logDailyCap
    publishers: [principals.api, principals.flows, principals.prover]
  }
}

module registry 'modules/registry.bicep' = {
  name: 'registry'
  params: {
    location: location
    tags: tags
    token: token
    sku: size.registrySku
    isolated: size.isolated
    zoneRedundant: size.zoneRedundant
    pullers: [principals.flows, principals.prover]
  }
}

module apiStorage 'modules/hoststorage.bicep' = {
  name: 'storage-api'
  params: {
    location: location
    tags: tags
    token: token
    app: 'api'
    sku: size.storageSku
    isolated: size.isolated
    principalId: principals.api
  }
}

module flowsStorage 'modules/hoststorage.bicep' = {
  name: 'storage-flows'
  params: {
    location: location
    tags: tags
    token: token
    app: 'flows'
    sku: size.storageSku
    isolated: size.isolated
    principalId: principals.flows
  }
}

module proverStorage 'modules/hoststorage.bicep' = {
  name: 'storage-prover'
  params: {
    location: location
    tags: tags
    token: token
    app: 'prover'
    sku: size.storageSku
    isolated: size.isolated
    principalId: principals.prover
  }
}

module data 'modules/datastorage.bicep' = {
  name: 'storage-data'
  params: {
    location: location
    tags: tags
    token: token
    sku: size.storageSku
    isolated: size.isolated
    principals: principals
  }
}

module cosmos 'modules/cosmos.bicep' = {
  name: 'cosmos'
  params: {
    location: location
    tags: tags
    token: token
    secondRegion: secondRegion
    throughput: size.cosmosThroughput
    proofsThroughput: size.cosmosProofsThroughput
    backup: size.cosmosBackup
    isolated: size.isolated
    zoneRedundant: size.zoneRedundant
    principals: principals
  }
}

module bus 'modules/servicebus.bicep' = {
  name: 'servicebus'
  params: {
    location: location
    tags: tags
    token: token
    sku: size.serviceBusSku
    units: size.serviceBusUnits
    isolated: size.isolated
    principals: principals
  }
}

module vault 'modules/vault.bicep' = {
  name: 'vault'
  params: {
    location: location
    tags: tags
    token: token
    isolated: size.isolated
    principals: { api: principals.api, flows: principals.flows }
    rotateAfter: rotateKeysAfter
    workspaceId: monitoring.outputs.workspaceId
  }
}

module hsm 'modules/managedhsm.bicep' = if (size.managedHsm) {
  name: 'managedhsm'
  params: {
    location: location
    tags: tags
    token: token
    isolated: size.isolated
    administrators: hsmAdministrators
  }
}

module scheduler 'modules/scheduler.bicep' = {
  name: 'scheduler'
  params: {
    location: location
    tags: tags
    token: token
    sku: size.schedulerSku
    units: size.schedulerUnits
    isolated: size.isolated
    principalId: principals.flows
  }
}

module net 'modules/network.bicep' = if (size.isolated) {
  name: 'network'
  params: { location: location, tags: tags, token: token, addresses: networkAddresses }
}

module door 'modules/frontdoor.bicep' = if (size.frontDoor != 'none') {
  name: 'frontdoor'
  params: {
    tags: tags
    token: token
    tier: size.frontDoor == 'premium' ? 'premium' : 'standard'
    requestsPerMinute: requestsPerMinute
  }
}

var ownAddress = size.frontDoor == 'none' ? 'https://func-api-${token}.azurewebsites.net' : 'https://${door!.outputs.host}'
var address = empty(publicAddress) ? ownAddress : publicAddress

// What all three apps read. An address that is not set is left out, so that the network's own is used.
var stores = union(
  {
    Midnight__Network: network
    Cosmos__Endpoint: cosmos.outputs.endpoint
    Cosmos__Database: cosmos.outputs.database
    Tables__Endpoint: data.outputs.tableEndpoint
    Blobs__Endpoint: data.outputs.blobEndpoint
    ServiceBus__fullyQualifiedNamespace: bus.outputs.fullyQualifiedNamespace
    ServiceBus__credential: 'managedidentity'
  },
  empty(indexer) ? {} : { Midnight__Indexer: indexer },
  empty(node) ? {} : { Midnight__Node: node }
)

// The app does not start with less, so it is not deployed with less. Azure evaluates every variable, used or not.
var entraIncomplete = empty(entraTenantId) || (length(entraTenantId) != 36 && empty(entraAllowedTenants))
var entraDirectory = !empty(entraClientId) && entraIncomplete
  ? fail('entraTenantId is the id of a directory; or it is organizations, and entraAllowedTenants names the directories.')
  : entraTenantId
var entra = union(
  { AzureAd__Instance: environment().authentication.loginEndpoint, AzureAd__ClientId: entraClientId, AzureAd__TenantId: entraDirectory },
  toObject(range(0, length(entraAllowedTenants)), index => 'AzureAd__AllowedTenants__${index}', index => entraAllowedTenants[index])
)

module api 'modules/api.bicep' = {
  name: 'api'
  params: {
    location: location
    tags: tags
    token: token
    identity: identities.outputs.api
    insightsName: monitoring.outputs.insightsName
    storage: { name: apiStorage.outputs.name, packages: apiStorage.outputs.packages }
    subnetId: size.isolated ? net!.outputs.apiSubnetId : ''
    isolated: size.isolated
    frontDoorId: size.frontDoor == 'none' || size.isolated ? '' : door!.outputs.frontDoorId
    zoneRedundant: size.zoneRedundant
    alwaysReady: size.apiAlwaysReady
    maximum: size.apiMaximum
    memory: size.apiMemory
    settings: union(
      stores,
      {
        ServiceBus__clientId: identities.outputs.api.clientId
        Api__PublicAddress: address
        KeyVault__Uri: vault.outputs.uri
        KeyVault__SealKey: vault.outputs.payloadKey
        KeyVault__TokenKey: vault.outputs.tokenKey
      },
      // Without the door no header of a client's address can be believed.
      size.frontDoor == 'none' ? {} : { Api__ClientAddressHeader: 'X-Azure-SocketIP' },
      empty(modelEndpoint) ? {} : { Model__Provider: 'azure-openai', Model__Endpoint: modelEndpoint, Model__Name: modelName },
      empty(entraClientId) ? {} : entra
    )
  }
  dependsOn: [storeLinks]
}

module route 'modules/frontdoorroute.bicep' = if (size.frontDoor != 'none') {
  name: 'frontdoor-route'
  params: {
    profileName: door!.outputs.profileName
    endpointName: door!.outputs.endpointName
    location: location
    siteId: api.outputs.id
    siteHost: api.outputs.host
    isolated: size.isolated
  }
}

module plan 'modules/premiumplan.bicep' = {
  name: 'premium-plan'
  params: {
    location: location
    tags: tags
    token: token
    name: 'premium'
    sku: size.premiumSku
    minimum: size.premiumMinimum
    maximum: size.premiumMaximum
    zoneRedundant: size.zoneRedundant
  }
}

// Machines of its own: the prover works on what strangers send, and beside it the flows hold the wallets' key.
module proverPlan 'modules/premiumplan.bicep' = if (size.ownProverPlan) {
  name: 'prover-plan'
  params: {
    location: location
    tags: tags
    token: token
    name: 'prover'
    sku: size.premiumSku
    minimum: size.premiumMinimum
    maximum: size.premiumMaximum
    zoneRedundant: size.zoneRedundant
  }
}

module flows 'modules/containerapp.bicep' = {
  name: 'flows'
  params: {
    location: location
    tags: tags
    token: token
    app: 'flows'
    identity: identities.outputs.flows
    planId: plan.outputs.id
    insightsName: monitoring.outputs.insightsName
    storageName: flowsStorage.outputs.name
    image: flowsImage
    subnetId: size.isolated ? net!.outputs.premiumSubnetId : ''
    // Nobody calls it: it reads a queue and the task hub.
    private: true
    minimum: 1
    maximum: size.flowsMaximum
    settings: union(
      stores,
      {
        ServiceBus__clientId: identities.outputs.flows.clientId
        KeyVault__Uri: vault.outputs.uri
        KeyVault__WalletKey: vault.outputs.walletKey
        KeyVault__SealKey: vault.outputs.payloadKey
        DURABLE_TASK_SCHEDULER_CONNECTION_STRING: 'Endpoint=${scheduler.outputs.endpoint};Authentication=ManagedIdentity;ClientID=${identities.outputs.flows.clientId}'
        TASKHUB_NAME: scheduler.outputs.hub
      },
      size.managedHsm && hsmActive ? { KeyVault__WalletUri: hsm!.outputs.uri } : {}
    )
  }
  dependsOn: [storeLinks]
}

module prover 'modules/containerapp.bicep' = {
  name: 'prover'
  params: {
    location: location
    tags: tags
    token: token
    app: 'prover'
    identity: identities.outputs.prover
    planId: size.ownProverPlan ? proverPlan!.outputs.id : plan.outputs.id
    insightsName: monitoring.outputs.insightsName
    storageName: proverStorage.outputs.name
    image: proverImage
    // One subnet serves one plan.
    subnetId: !size.isolated ? '' : size.ownProverPlan ? net!.outputs.proverSubnetId : net!.outputs.premiumSubnetId
    private: size.isolated
    minimum: 1
    maximum: size.proverMaximum
    settings: union(stores, {
      ServiceBus__clientId: identities.outputs.prover.clientId
      Api__PublicAddress: address
      Prover__ParameterSource: 'official'
    })
  }
  dependsOn: [storeLinks]
}

// By name, since what they lead to is known only when it is made. Those of the stores come first: the apps need them to start.
var storeEndpoints = [
  { name: 'api-blob', group: 'blob', zone: 'blob' }
  { name: 'flows-blob', group: 'blob', zone: 'blob' }
  { name: 'prover-blob', group: 'blob', zone: 'blob' }
  { name: 'data-blob', group: 'blob', zone: 'blob' }
  { name: 'data-table', group: 'table', zone: 'table' }
  { name: 'cosmos', group: 'Sql', zone: 'cosmos' }
  { name: 'servicebus', group: 'namespace', zone: 'serviceBus' }
  { name: 'vault', group: 'vault', zone: 'vault' }
  { name: 'registry', group: 'registry', zone: 'registry' }
  { name: 'scheduler', group: 'scheduler', zone: 'scheduler' }
]

var stored = {
  'api-blob': apiStorage.outputs.id
  'flows-blob': flowsStorage.outputs.id
  'prover-blob': proverStorage.outputs.id
  'data-blob': data.outputs.id
  'data-table': data.outputs.id
  cosmos: cosmos.outputs.id
  servicebus: bus.outputs.id
  vault: vault.outputs.id
  registry: registry.outputs.id
  scheduler: scheduler.outputs.id
}

module storeLinks 'modules/endpoint.bicep' = [
  for item in storeEndpoints: if (size.isolated) {
    name: 'endpoint-${item.name}'
    params: {
      location: location
      tags: tags
      token: token
      name: item.name
      subnetId: net!.outputs.endpointSubnetId
      targetId: stored[item.name]
      group: item.group
      zoneId: net!.outputs.zones[item.zone]
    }
  }
]

var siteEndpoints = ['api', 'prover']

module siteLinks 'modules/endpoint.bicep' = [
  for app in siteEndpoints: if (size.isolated) {
    name: 'endpoint-${app}-site'
    params: {
      location: location
      tags: tags
      token: token
      name: '${app}-site'
      subnetId: net!.outputs.endpointSubnetId
      targetId: app == 'api' ? api.outputs.id : prover.outputs.id
      group: 'sites'
      zoneId: net!.outputs.zones.sites
    }
  }
]

module hsmLink 'modules/endpoint.bicep' = if (size.isolated && size.managedHsm) {
  name: 'endpoint-managedhsm'
  params: {
    location: location
    tags: tags
    token: token
    name: 'managedhsm'
    subnetId: net!.outputs.endpointSubnetId
    targetId: hsm!.outputs.id
    group: 'managedhsm'
    zoneId: net!.outputs.zones.managedHsm
  }
}

module alerts 'modules/alerts.bicep' = {
  name: 'alerts'
  params: {
    location: location
    tags: tags
    token: token
    workspaceId: monitoring.outputs.workspaceId
    serviceBusId: bus.outputs.id
    cosmosId: cosmos.outputs.id
    vaultId: vault.outputs.id
    flowsPrincipalId: principals.flows
    walletKey: vault.outputs.walletKey
    emails: alertEmails
  }
}

module workbook 'modules/workbook.bicep' = {
  name: 'workbook'
  params: { location: location, tags: tags, token: token, insightsId: monitoring.outputs.insightsId }
}

output registryName string = registry.outputs.name
output registryServer string = registry.outputs.loginServer
output apiAddress string = address
output apiName string = api.outputs.name
output flowsName string = flows.outputs.name
output proverName string = prover.outputs.name
output vaultName string = vault.outputs.name
output cosmosName string = cosmos.outputs.name
output dataStorageName string = data.outputs.name
output schedulerName string = scheduler.outputs.name
