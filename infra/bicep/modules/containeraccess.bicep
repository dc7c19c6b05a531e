// One blob container's role assignments: a role on the container, not on the account.

param account string
param container string
param principals string[]
param role string

resource storage 'Microsoft.Storage/storageAccounts@2025-01-01' existing = {
  name: account

  resource blobs 'blobServices' existing = {
    name: 'default'

    resource target 'containers' existing = {
      name: container
    }
  }
}

resource access 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for principal in principals: {
    name: guid(storage::blobs::target.id, principal, role)
    scope: storage::blobs::target
    properties: {
      principalId: principal
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role)
    }
  }
]
