// The documents of tenants: one container, the tenant is the partition, so that a batch over all kinds of documents is atomic. No keys: identities only.

param location string
param tags object

@minLength(13)
@maxLength(13)
param token string

@description('A second region that reads and takes over; empty for none. Serverless has one region.')
param secondRegion string

@description('The most request units a second; 0 = serverless.')
param throughput int

@allowed(['Continuous7Days', 'Continuous30Days'])
param backup string

param isolated bool
param zoneRedundant bool
param principals string[]

var serverless = throughput == 0
var first = [
  {
    locationName: location
    failoverPriority: 0
    isZoneRedundant: zoneRedundant
  }
]
var second = [
  {
    locationName: secondRegion
    failoverPriority: 1
    isZoneRedundant: false
  }
]

resource account 'Microsoft.DocumentDB/databaseAccounts@2025-10-15' = {
  name: 'cosmos-${token}'
  location: location
  tags: tags
  kind: 'GlobalDocumentDB'
  properties: {
    databaseAccountOfferType: 'Standard'
    disableLocalAuth: true
    disableKeyBasedMetadataWriteAccess: true
    minimalTlsVersion: 'Tls12'
    publicNetworkAccess: isolated ? 'Disabled' : 'Enabled'
    capabilities: serverless ? [{ name: 'EnableServerless' }] : []
    consistencyPolicy: { defaultConsistencyLevel: 'Session' }
    locations: empty(secondRegion) || serverless ? first : concat(first, second)
    enableAutomaticFailover: !empty(secondRegion) && !serverless
    enableMultipleWriteLocations: false
    backupPolicy: {
      type: 'Continuous'
      continuousModeProperties: { tier: backup }
    }
  }
}

resource database 'Microsoft.DocumentDB/databaseAccounts/sqlDatabases@2025-10-15' = {
  parent: account
  name: 'midnightos'
  properties: {
    resource: { id: 'midnightos' }
  }
}

// TTL is on and no default: only a document that says so itself expires. Every query is a range of one path: of the id, which is always indexed, or of an index entry below ix.
resource documents 'Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers@2025-10-15' = {
  parent: database
  name: 'documents'
  properties: {
    options: serverless ? {} : { autoscaleSettings: { maxThroughput: throughput } }
    resource: {
      id: 'documents'
      partitionKey: {
        paths: ['/tenant']
        kind: 'Hash'
        version: 2
      }
      defaultTtl: -1
      indexingPolicy: {
        automatic: true
        indexingMode: 'consistent'
        includedPaths: [{ path: '/tenant/?' }, { path: '/expires/?' }, { path: '/ix/*' }]
        excludedPaths: [{ path: '/*' }, { path: '/"_etag"/?' }]
      }
    }
  }
}

// Less than the built-in contributor: no containers, no stored procedures, no conflicts.
resource writer 'Microsoft.DocumentDB/databaseAccounts/sqlRoleDefinitions@2025-10-15' = {
  parent: account
  name: guid(account.id, 'documents-writer')
  properties: {
    roleName: 'MidnightOS documents writer'
    type: 'CustomRole'
    assignableScopes: [account.id]
    permissions: [
      {
        dataActions: [
          'Microsoft.DocumentDB/databaseAccounts/readMetadata'
          'Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers/executeQuery'
          'Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers/items/*'
        ]
      }
    ]
  }
}

// One after another: the account takes one change of its roles at a time.
@batchSize(1)
resource access 'Microsoft.DocumentDB/databaseAccounts/sqlRoleAssignments@2025-10-15' = [
  for principal in principals: {
    parent: account
    name: guid(account.id, principal, 'documents-writer')
    properties: {
      principalId: principal
      roleDefinitionId: writer.id
      scope: '${account.id}/dbs/${database.name}/colls/${documents.name}'
    }
  }
]

output id string = account.id
output name string = account.name
output endpoint string = account.properties.documentEndpoint
output database string = database.name
