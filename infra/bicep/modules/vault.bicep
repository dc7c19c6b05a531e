// The keys, in HSMs. Nobody can export one; each app has a role on the one key it needs, never on the vault.

import { roles } from 'roles.bicep'

param location string
param tags object

@minLength(13)
@maxLength(13)
param token string

param isolated bool
param principals { api: string, flows: string }

@description('How old a key gets before a new version takes over, as an ISO 8601 duration. Older versions go on unwrapping.')
param rotateAfter string

@description('Where what was done with the keys is written down.')
param workspaceId string

resource vault 'Microsoft.KeyVault/vaults@2024-11-01' = {
  name: 'kv-${token}'
  location: location
  tags: tags
  properties: {
    tenantId: subscription().tenantId
    sku: { family: 'A', name: 'premium' }
    enableRbacAuthorization: true
    enableSoftDelete: true
    softDeleteRetentionInDays: 90
    enablePurgeProtection: true
    enabledForDeployment: false
    enabledForDiskEncryption: false
    enabledForTemplateDeployment: false
    publicNetworkAccess: isolated ? 'Disabled' : 'Enabled'
    networkAcls: {
      bypass: 'None'
      defaultAction: isolated ? 'Deny' : 'Allow'
    }
  }
}

var rotation = {
  lifetimeActions: [
    {
      trigger: { timeAfterCreate: rotateAfter }
      action: { type: 'rotate' }
    }
  ]
}

// Wraps the data keys of wallet seeds.
resource wallets 'Microsoft.KeyVault/vaults/keys@2024-11-01' = {
  parent: vault
  name: 'wallets'
  tags: tags
  properties: {
    kty: 'RSA-HSM'
    keySize: 3072
    keyOps: ['wrapKey', 'unwrapKey']
    rotationPolicy: rotation
  }
}

// Wraps the data keys of other sealed payloads: what contract calls are built of.
resource payloads 'Microsoft.KeyVault/vaults/keys@2024-11-01' = {
  parent: vault
  name: 'payloads'
  tags: tags
  properties: {
    kty: 'RSA-HSM'
    keySize: 3072
    keyOps: ['wrapKey', 'unwrapKey']
    rotationPolicy: rotation
  }
}

// Signs access tokens (ES256).
resource tokens 'Microsoft.KeyVault/vaults/keys@2024-11-01' = {
  parent: vault
  name: 'tokens'
  tags: tags
  properties: {
    kty: 'EC-HSM'
    curveName: 'P-256'
    keyOps: ['sign', 'verify']
    rotationPolicy: rotation
  }
}

// The flows alone: whoever has this role can open every wallet.
resource openWallets 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(wallets.id, principals.flows, roles.keyVaultCryptoServiceEncryptionUser)
  scope: wallets
  properties: {
    principalId: principals.flows
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.keyVaultCryptoServiceEncryptionUser)
  }
}

resource openPayloads 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(payloads.id, principals.flows, roles.keyVaultCryptoServiceEncryptionUser)
  scope: payloads
  properties: {
    principalId: principals.flows
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.keyVaultCryptoServiceEncryptionUser)
  }
}

var here = resourceGroup().id

// The API seals what a call is built of, the flows open it: no built-in role wraps without unwrapping.
resource sealer 'Microsoft.Authorization/roleDefinitions@2022-04-01' = {
  name: guid(vault.id, 'payload-sealer')
  properties: {
    roleName: 'MidnightOS payload sealer ${token}'
    description: 'Reads a key of the vault and wraps with it.'
    type: 'CustomRole'
    assignableScopes: [here]
    permissions: [
      {
        actions: []
        notActions: []
        dataActions: ['Microsoft.KeyVault/vaults/keys/read', 'Microsoft.KeyVault/vaults/keys/wrap/action']
        notDataActions: []
      }
    ]
  }
}

resource sealPayloads 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(payloads.id, principals.api, 'payload-sealer')
  scope: payloads
  properties: {
    principalId: principals.api
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', sealer.name)
  }
}

// The built-in role that may sign (Key Vault Crypto User) may also change a key and back it up; this one may not.
resource signer 'Microsoft.Authorization/roleDefinitions@2022-04-01' = {
  name: guid(vault.id, 'token-signer')
  properties: {
    roleName: 'MidnightOS token signer ${token}'
    description: 'Reads a key of the vault and signs with it.'
    type: 'CustomRole'
    assignableScopes: [here]
    permissions: [
      {
        actions: []
        notActions: []
        dataActions: ['Microsoft.KeyVault/vaults/keys/read', 'Microsoft.KeyVault/vaults/keys/sign/action']
        notDataActions: []
      }
    ]
  }
}

resource signTokens 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(tokens.id, principals.api, 'token-signer')
  scope: tokens
  properties: {
    principalId: principals.api
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', signer.name)
  }
}

resource audit 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'audit'
  scope: vault
  properties: {
    workspaceId: workspaceId
    logAnalyticsDestinationType: 'Dedicated'
    logs: [{ categoryGroup: 'audit', enabled: true }]
  }
}

output id string = vault.id
output name string = vault.name
output uri string = vault.properties.vaultUri
output walletKey string = wallets.name
output payloadKey string = payloads.name
output tokenKey string = tokens.name
