// One identity an app: what an app may do is what its own identity may do.

param location string
param tags object

@minLength(13)
@maxLength(13)
param token string

resource api 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: 'id-api-${token}'
  location: location
  tags: tags
}

resource flows 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: 'id-flows-${token}'
  location: location
  tags: tags
}

resource prover 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: 'id-prover-${token}'
  location: location
  tags: tags
}

@export()
@description('An app\'s identity, by the three names that Azure has for it.')
type appIdentity = {
  id: string
  clientId: string
  principalId: string
}

output api appIdentity = {
  id: api.id
  clientId: api.properties.clientId
  principalId: api.properties.principalId
}

output flows appIdentity = {
  id: flows.id
  clientId: flows.properties.clientId
  principalId: flows.properties.principalId
}

output prover appIdentity = {
  id: prover.id
  clientId: prover.properties.clientId
  principalId: prover.properties.principalId
}
