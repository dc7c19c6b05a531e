// The documents of tenants, and apart from them those of proof jobs: roles end at containers, and the prover has one on the jobs alone. The tenant is the partition, so that a batch over all kinds
// of documents of a container is atomic. No keys: identities only.

param location string
param tags object

@minLength(13)
@maxLength(13)
param token string

@description('A second region that reads and takes over; empty for none. Serverless has one region.')
param secondRegion string

@description('The most request units a second of the documents; 0 = serverless.')
param throughput int

@description('The same of the proof jobs.')
@minValue(1000)
param proofsThroughput int

@allowed(['Continuous7Days', 'Continuous30Days'])
param backup string

param isolated bool
param zoneRedundant bool

@description('Principals by app.')
param principals { api: string, flows: string, prover: string }

var serverless = throughput == 0
var containers = [
  { name: 'documents', throughput: throughput }
  { name: 'proofs', throughput: proofsThroughput }
]

// Of the documents the prover gets nothing: accounts, limits, transfers and what flows are told are among them. The API only looks up on which day an API key was used.
var access = [
  { app: 'api', container: 'documents', role: 'writer' }
  { app: 'flows', container: 'documents', role: 'writer' }
  { app: 'flows', container: 'proofs', role: 'writer' }
  { app: 'prover', container: 'proofs', role: 'writer' }
  { app: 'api', container: 'proofs', role: 'reader' }
]
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
resource container 'Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers@2025-10-15' = [
  for item in containers: {
    parent: database
    name: item.name
    properties: {
      options: serverless ? {} : { autoscaleSettings: { maxThroughput: item.throughput } }
      resource: {
        id: item.name
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
]

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

resource reader 'Microsoft.DocumentDB/databaseAccounts/sqlRoleDefinitions@2025-10-15' = {
  parent: account
  name: guid(account.id, 'documents-reader')
  properties: {
    roleName: 'MidnightOS documents reader'
    type: 'CustomRole'
    assignableScopes: [account.id]
    permissions: [
      {
        dataActions: [
          'Microsoft.DocumentDB/databaseAccounts/readMetadata'
          'Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers/executeQuery'
          'Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers/items/read'
        ]
      }
    ]
  }
  // The account takes one change of its roles at a time.
  dependsOn: [writer]
}

@batchSize(1)
resource assignments 'Microsoft.DocumentDB/databaseAccounts/sqlRoleAssignments@2025-10-15' = [
  for item in access: {
    parent: account
    name: guid(account.id, principals[item.app], item.container, item.role)
    properties: {
      principalId: principals[item.app]
      roleDefinitionId: item.role == 'writer' ? writer.id : reader.id
      scope: '${account.id}/dbs/${database.name}/colls/${item.container}'
    }
    dependsOn: [container]
  }
]

output id string = account.id
output name string = account.name
output endpoint string = account.properties.documentEndpoint
output database string = database.name
