// One table's role assignments: a role on the table, not on the account.

param account string
param table string
param principals string[]
param role string

resource storage 'Microsoft.Storage/storageAccounts@2025-01-01' existing = {
  name: account

  resource tables 'tableServices' existing = {
    name: 'default'

    resource target 'tables' existing = {
      name: table
    }
  }
}

resource access 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for principal in principals: {
    name: guid(storage::tables::target.id, principal, role)
    scope: storage::tables::target
    properties: {
      principalId: principal
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role)
    }
  }
]
