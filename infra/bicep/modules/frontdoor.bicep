// Front Door before the API, with its firewall. It is made before the API, which takes requests from this one alone; frontdoorroute.bicep leads it there.

param tags object

@minLength(13)
@maxLength(13)
param token string

@allowed(['standard', 'premium'])
param tier string

@description('Requests a minute from one address; more are refused before they reach the API, whose own limits are lower.')
param requestsPerMinute int

var sku = tier == 'premium' ? 'Premium_AzureFrontDoor' : 'Standard_AzureFrontDoor'

resource profile 'Microsoft.Cdn/profiles@2025-04-15' = {
  name: 'afd-${token}'
  location: 'global'
  tags: tags
  sku: { name: sku }
  properties: {
    // The API answers within 230 seconds.
    originResponseTimeoutSeconds: 240
  }

  resource endpoint 'afdEndpoints' = {
    name: 'api-${token}'
    location: 'global'
    tags: tags
    properties: { enabledState: 'Enabled' }
  }
}

resource firewall 'Microsoft.Network/FrontDoorWebApplicationFirewallPolicies@2025-03-01' = {
  name: 'waf${token}'
  location: 'global'
  tags: tags
  sku: { name: sku }
  properties: {
    policySettings: {
      enabledState: 'Enabled'
      mode: 'Prevention'
      requestBodyCheck: 'Enabled'
    }
    customRules: {
      rules: [
        {
          name: 'RatePerAddress'
          enabledState: 'Enabled'
          priority: 100
          ruleType: 'RateLimitRule'
          rateLimitDurationInMinutes: 1
          rateLimitThreshold: requestsPerMinute
          action: 'Block'
          matchConditions: [
            {
              matchVariable: 'RequestUri'
              operator: 'Contains'
              matchValue: ['/']
              negateCondition: false
            }
          ]
        }
      ]
    }
    managedRules: {
      managedRuleSets: tier == 'premium'
        ? [{ ruleSetType: 'Microsoft_BotManagerRuleSet', ruleSetVersion: '1.1' }]
        : []
    }
  }
}

resource policy 'Microsoft.Cdn/profiles/securityPolicies@2025-04-15' = {
  parent: profile
  name: 'firewall'
  properties: {
    parameters: {
      type: 'WebApplicationFirewall'
      wafPolicy: { id: firewall.id }
      associations: [
        {
          domains: [{ id: profile::endpoint.id }]
          patternsToMatch: ['/*']
        }
      ]
    }
  }
}

output profileName string = profile.name
output endpointName string = profile::endpoint.name
output host string = profile::endpoint.properties.hostName
output frontDoorId string = profile.properties.frontDoorId
