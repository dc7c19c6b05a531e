// One private endpoint, and its name in the private zone.

param location string
param tags object

@description('What it leads to, a part of its name: data-blob, vault.')
@maxLength(20)
param name string

@minLength(13)
@maxLength(13)
param token string

param subnetId string
param targetId string

@description('The part of the target, by Azure\'s name for it: blob, Sql, vault, sites.')
param group string

param zoneId string

resource endpoint 'Microsoft.Network/privateEndpoints@2025-01-01' = {
  name: 'pe-${name}-${token}'
  location: location
  tags: tags
  properties: {
    subnet: { id: subnetId }
    customNetworkInterfaceName: 'nic-${name}-${token}'
    privateLinkServiceConnections: [
      {
        name: name
        properties: {
          privateLinkServiceId: targetId
          groupIds: [group]
        }
      }
    ]
  }

  resource zone 'privateDnsZoneGroups' = {
    name: 'default'
    properties: {
      privateDnsZoneConfigs: [{ name: 'zone', properties: { privateDnsZoneId: zoneId } }]
    }
  }
}
