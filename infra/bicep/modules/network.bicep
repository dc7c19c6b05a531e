// The network of an isolated deployment: a subnet that each kind of app calls out from, one for private endpoints, and the private zones of their names.

param location string
param tags object

@minLength(13)
@maxLength(13)
param token string

@description('The network\'s addresses: /22 or larger.')
param addresses string

resource closed 'Microsoft.Network/networkSecurityGroups@2025-01-01' = {
  name: 'nsg-endpoints-${token}'
  location: location
  tags: tags
  properties: {
    securityRules: [
      {
        // Every port: behind a private endpoint Cosmos DB gives its nodes any of them, and each endpoint answers for its own service alone.
        name: 'network-to-endpoints'
        properties: {
          priority: 100
          direction: 'Inbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: 'VirtualNetwork'
          sourcePortRange: '*'
          destinationAddressPrefix: cidrSubnet(addresses, 24, 2)
          destinationPortRange: '*'
        }
      }
      {
        name: 'nothing-else'
        properties: {
          priority: 4096
          direction: 'Inbound'
          access: 'Deny'
          protocol: '*'
          sourceAddressPrefix: '*'
          sourcePortRange: '*'
          destinationAddressPrefix: '*'
          destinationPortRange: '*'
        }
      }
    ]
  }
}

// The apps call the chain's servers from this address, which those can be told to expect.
resource outbound 'Microsoft.Network/publicIPAddresses@2025-01-01' = {
  name: 'pip-${token}'
  location: location
  tags: tags
  sku: { name: 'Standard' }
  properties: { publicIPAllocationMethod: 'Static' }
}

resource gateway 'Microsoft.Network/natGateways@2025-01-01' = {
  name: 'nat-${token}'
  location: location
  tags: tags
  sku: { name: 'Standard' }
  properties: { publicIpAddresses: [{ id: outbound.id }] }
}

resource network 'Microsoft.Network/virtualNetworks@2025-01-01' = {
  name: 'vnet-${token}'
  location: location
  tags: tags
  properties: {
    addressSpace: { addressPrefixes: [addresses] }
    subnets: [
      {
        name: 'api'
        properties: {
          addressPrefix: cidrSubnet(addresses, 24, 0)
          natGateway: { id: gateway.id }
          delegations: [{ name: 'flex', properties: { serviceName: 'Microsoft.App/environments' } }]
        }
      }
      {
        name: 'premium'
        properties: {
          addressPrefix: cidrSubnet(addresses, 24, 1)
          natGateway: { id: gateway.id }
          delegations: [{ name: 'web', properties: { serviceName: 'Microsoft.Web/serverFarms' } }]
        }
      }
      {
        name: 'prover'
        properties: {
          addressPrefix: cidrSubnet(addresses, 24, 3)
          natGateway: { id: gateway.id }
          delegations: [{ name: 'web', properties: { serviceName: 'Microsoft.Web/serverFarms' } }]
        }
      }
      {
        name: 'endpoints'
        properties: {
          addressPrefix: cidrSubnet(addresses, 24, 2)
          privateEndpointNetworkPolicies: 'Enabled'
          networkSecurityGroup: { id: closed.id }
        }
      }
    ]
  }
}

var zoneNames = {
  blob: 'privatelink.blob.${environment().suffixes.storage}'
  table: 'privatelink.table.${environment().suffixes.storage}'
  cosmos: 'privatelink.documents.azure.com'
  serviceBus: 'privatelink.servicebus.windows.net'
  vault: 'privatelink.vaultcore.azure.net'
  managedHsm: 'privatelink.managedhsm.azure.net'
  registry: 'privatelink.azurecr.io'
  scheduler: 'privatelink.durabletask.io'
  sites: 'privatelink.azurewebsites.net'
}

resource zones 'Microsoft.Network/privateDnsZones@2024-06-01' = [
  for zone in items(zoneNames): {
    name: zone.value
    location: 'global'
    tags: tags
  }
]

resource links 'Microsoft.Network/privateDnsZones/virtualNetworkLinks@2024-06-01' = [
  for (zone, index) in items(zoneNames): {
    parent: zones[index]
    name: 'link-${token}'
    location: 'global'
    tags: tags
    properties: {
      registrationEnabled: false
      virtualNetwork: { id: network.id }
    }
  }
]

output apiSubnetId string = '${network.id}/subnets/api'
output premiumSubnetId string = '${network.id}/subnets/premium'
output proverSubnetId string = '${network.id}/subnets/prover'
output endpointSubnetId string = '${network.id}/subnets/endpoints'

@description('The zones\' ids by the keys above.')
output zones object = toObject(items(zoneNames), zone => zone.key, zone => resourceId('Microsoft.Network/privateDnsZones', zone.value))
