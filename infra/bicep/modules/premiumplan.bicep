// An Elastic Premium plan of containers. Each app on it scales by itself; apps on one plan share its machines.

param location string
param tags object

@minLength(13)
@maxLength(13)
param token string

@description('A part of its name.')
param name string

@allowed(['EP1', 'EP2', 'EP3'])
param sku string

param minimum int
param maximum int
param zoneRedundant bool

resource plan 'Microsoft.Web/serverfarms@2024-11-01' = {
  name: 'plan-${name}-${token}'
  location: location
  tags: tags
  kind: 'elastic'
  sku: { name: sku, tier: 'ElasticPremium', capacity: minimum }
  properties: {
    reserved: true
    elasticScaleEnabled: true
    maximumElasticWorkerCount: maximum
    zoneRedundant: zoneRedundant
  }
}

output id string = plan.id
