// What the platform keeps beside its documents: sealed payloads as blobs, and the tables of the directory, counters, leases and idempotency keys. Roles end at a container or a table.

import { roles } from 'roles.bicep'

param location string
param tags object

@minLength(13)
@maxLength(13)
param token string

@allowed(['Standard_LRS', 'Standard_ZRS', 'Standard_GRS', 'Standard_GZRS'])
param sku string

param isolated bool

@description('Principals by app.')
param principals { api: string, flows: string, prover: string }

@description('A container for each kind of blob, and the apps that may read and write it. Sealed seeds are the flows\' alone.')
var containers = [
  { name: 'wallets', writers: ['flows'] }
  { name: 'key-versions', writers: ['flows'] }
  { name: 'contract-calls', writers: ['api', 'flows'] }
  { name: 'proofs', writers: ['flows', 'prover'] }
]

@description('A table for each kind of record, the apps that may read and write it, and those that may only read it. The prover has tables of its own, and sees whose an API key is.')
var tables = [
  { name: 'directory', writers: ['api', 'flows'], readers: [] }
  { name: 'counters', writers: ['api'], readers: [] }
  { name: 'leases', writers: ['api', 'flows'], readers: [] }
  { name: 'idempotency', writers: ['api'], readers: [] }
  { name: 'keys', writers: ['api'], readers: ['prover'] }
  { name: 'proofdirectory', writers: ['flows', 'prover'], readers: [] }
  { name: 'proofleases', writers: ['prover'], readers: [] }
]

resource account 'Microsoft.Storage/storageAccounts@2025-01-01' = {
  name: 'stdata${token}'
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: { name: sku }
  properties: {
    allowSharedKeyAccess: false
    allowBlobPublicAccess: false
    allowCrossTenantReplication: false
    defaultToOAuthAuthentication: true
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
    publicNetworkAccess: isolated ? 'Disabled' : 'Enabled'
    networkAcls: {
      bypass: 'None'
      defaultAction: isolated ? 'Deny' : 'Allow'
    }
  }
}

// A seed that was deleted or overwritten by mistake can be had back for 90 days, as long as a deleted bot's seed is kept.
resource blobs 'Microsoft.Storage/storageAccounts/blobServices@2025-01-01' = {
  parent: account
  name: 'default'
  properties: {
    isVersioningEnabled: true
    deleteRetentionPolicy: { enabled: true, days: 90 }
    containerDeleteRetentionPolicy: { enabled: true, days: 90 }
  }
}

resource tableService 'Microsoft.Storage/storageAccounts/tableServices@2025-01-01' = {
  parent: account
  name: 'default'
}

resource container 'Microsoft.Storage/storageAccounts/blobServices/containers@2025-01-01' = [
  for item in containers: {
    parent: blobs
    name: item.name
    properties: { publicAccess: 'None' }
  }
]

resource table 'Microsoft.Storage/storageAccounts/tableServices/tables@2025-01-01' = [
  for item in tables: {
    parent: tableService
    name: item.name
  }
]

module containerAccess 'containeraccess.bicep' = [
  for item in containers: {
    name: 'access-blobs-${item.name}'
    params: {
      account: account.name
      container: item.name
      principals: map(item.writers, app => principals[app])
      role: roles.storageBlobDataContributor
    }
    dependsOn: [container]
  }
]

module tableAccess 'tableaccess.bicep' = [
  for item in tables: {
    name: 'access-tables-${item.name}'
    params: {
      account: account.name
      table: item.name
      principals: map(item.writers, app => principals[app])
      role: roles.storageTableDataContributor
    }
    dependsOn: [table]
  }
]

module tableReaders 'tableaccess.bicep' = [
  for item in filter(tables, item => !empty(item.readers)): {
    name: 'readers-tables-${item.name}'
    params: {
      account: account.name
      table: item.name
      principals: map(item.readers, app => principals[app])
      role: roles.storageTableDataReader
    }
    dependsOn: [table]
  }
]

output id string = account.id
output name string = account.name
output blobEndpoint string = account.properties.primaryEndpoints.blob
output tableEndpoint string = account.properties.primaryEndpoints.table
