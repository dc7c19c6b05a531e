// Three queues. Messages carry ids, those for the prover a key too that opens one request; what they speak of lies sealed in the store. The prover cannot send to the queue that starts flows.

import { roles } from 'roles.bicep'

param location string
param tags object

@minLength(13)
@maxLength(13)
param token string

@allowed(['Standard', 'Premium'])
param sku string

param units int
param isolated bool
param principals { api: string, flows: string, prover: string }

resource namespace 'Microsoft.ServiceBus/namespaces@2024-01-01' = {
  name: 'sbns-${token}'
  location: location
  tags: tags
  sku: sku == 'Premium' ? { name: 'Premium', tier: 'Premium', capacity: units } : { name: 'Standard', tier: 'Standard' }
  properties: {
    disableLocalAuth: true
    minimumTlsVersion: '1.2'
    publicNetworkAccess: isolated ? 'Disabled' : 'Enabled'
  }
}

// Work for the prover. No sessions: a tenant's proofs run on several instances, as many at once as its leases in the store allow. The lock is renewed while a proof is made; what is put
// aside says why. The prover puts it aside, without its key; the queue itself would keep the key, so what expires is dropped, and the prover sends anew what was delivered almost ten times.
resource proofs 'Microsoft.ServiceBus/namespaces/queues@2024-01-01' = {
  parent: namespace
  name: 'proofs'
  properties: {
    requiresSession: false
    lockDuration: 'PT5M'
    maxDeliveryCount: 10
    deadLetteringOnMessageExpiration: false
    defaultMessageTimeToLive: 'P1D'
    maxSizeInMegabytes: 1024
  }
}

// Starts of flows and events for them. A session is one flow, so that its events keep their order.
resource flows 'Microsoft.ServiceBus/namespaces/queues@2024-01-01' = {
  parent: namespace
  name: 'flows'
  properties: {
    requiresSession: true
    // A start or an event has the same id however often it is sent.
    requiresDuplicateDetection: true
    duplicateDetectionHistoryTimeWindow: 'PT10M'
    lockDuration: 'PT1M'
    // Each time it is tried for a minute: a task hub that is away for an hour or two puts nothing aside.
    maxDeliveryCount: 100
    deadLetteringOnMessageExpiration: true
    defaultMessageTimeToLive: 'P7D'
    maxSizeInMegabytes: 1024
  }
}

// The prover's word that a tenant's jobs have something to tell: a tenant's name and nothing else, so that whoever may send here can have the flows look, and no more. A timer finds what is lost,
// so nothing is kept for long or put aside because it expired.
resource news 'Microsoft.ServiceBus/namespaces/queues@2024-01-01' = {
  parent: namespace
  name: 'proofnews'
  properties: {
    requiresSession: false
    lockDuration: 'PT1M'
    maxDeliveryCount: 10
    deadLetteringOnMessageExpiration: false
    defaultMessageTimeToLive: 'PT10M'
    maxSizeInMegabytes: 1024
  }
}

// The flows ask for the proofs of transactions; the prover makes jobs of calls that take too long, and sends on what cannot be carried out yet.
resource sendProofs 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for principal in [principals.flows, principals.prover]: {
    name: guid(proofs.id, principal, roles.serviceBusDataSender)
    scope: proofs
    properties: {
      principalId: principal
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.serviceBusDataSender)
    }
  }
]

resource receiveProofs 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(proofs.id, principals.prover, roles.serviceBusDataReceiver)
  scope: proofs
  properties: {
    principalId: principals.prover
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.serviceBusDataReceiver)
  }
}

// The API alone: whoever sends here starts transfers and exports.
resource sendFlows 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(flows.id, principals.api, roles.serviceBusDataSender)
  scope: flows
  properties: {
    principalId: principals.api
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.serviceBusDataSender)
  }
}

resource receiveFlows 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(flows.id, principals.flows, roles.serviceBusDataReceiver)
  scope: flows
  properties: {
    principalId: principals.flows
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.serviceBusDataReceiver)
  }
}

resource sendNews 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(news.id, principals.prover, roles.serviceBusDataSender)
  scope: news
  properties: {
    principalId: principals.prover
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.serviceBusDataSender)
  }
}

resource receiveNews 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(news.id, principals.flows, roles.serviceBusDataReceiver)
  scope: news
  properties: {
    principalId: principals.flows
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.serviceBusDataReceiver)
  }
}

output id string = namespace.id
output name string = namespace.name
output fullyQualifiedNamespace string = '${namespace.name}.servicebus.windows.net'
