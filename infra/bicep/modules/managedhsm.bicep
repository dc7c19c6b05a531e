// A single-tenant HSM pool for the wallets' key. It works only after it was activated by hand, and its roles are its own: docs/azure.md has the commands.

param location string
param tags object

@minLength(13)
@maxLength(13)
param token string

param isolated bool

@description('Object ids of those who activate the pool and give its roles.')
@minLength(1)
param administrators string[]

resource pool 'Microsoft.KeyVault/managedHSMs@2024-11-01' = {
  name: 'hsm-${token}'
  location: location
  tags: tags
  sku: { family: 'B', name: 'Standard_B1' }
  properties: {
    tenantId: subscription().tenantId
    initialAdminObjectIds: administrators
    enableSoftDelete: true
    softDeleteRetentionInDays: 90
    enablePurgeProtection: true
    publicNetworkAccess: isolated ? 'Disabled' : 'Enabled'
    networkAcls: {
      bypass: 'None'
      defaultAction: isolated ? 'Deny' : 'Allow'
    }
  }
}

output id string = pool.id
output uri string = pool.properties.hsmUri
