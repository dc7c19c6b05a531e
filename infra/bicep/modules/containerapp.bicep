// A function app in a container with Node: the flows, or the prover.

import { appIdentity } from 'identities.bicep'

param location string
param tags object

@minLength(13)
@maxLength(13)
param token string

@description('A part of the app\'s name.')
@allowed(['flows', 'prover'])
param app string

param identity appIdentity
param planId string
param insightsName string
param storageName string

@description('The image with its tag or digest, such as registry.azurecr.io/flows:1.0.0.')
param image string

@description('What the platform reads, by the names of its settings.')
param settings object

@description('The subnet that it calls out from; empty for none.')
param subnetId string

@description('Whether only the network can call it.')
param private bool

@minValue(1)
@maxValue(20)
param minimum int

param maximum int

resource insights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: insightsName
}

var host = {
  FUNCTIONS_EXTENSION_VERSION: '~4'
  FUNCTIONS_WORKER_RUNTIME: 'dotnet-isolated'
  WEBSITES_ENABLE_APP_SERVICE_STORAGE: 'false'
  AzureWebJobsStorage__accountName: storageName
  AzureWebJobsStorage__credential: 'managedidentity'
  AzureWebJobsStorage__clientId: identity.clientId
  // The root is the platform's own too.
  AzureWebJobsDisableHomepage: 'true'
  APPLICATIONINSIGHTS_CONNECTION_STRING: insights.properties.ConnectionString
  APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${identity.clientId};Authorization=AAD'
  // Traces a second, of the host and of its worker each. A host that sends OpenTelemetry takes no sampling from host.json.
  OTEL_TRACES_SAMPLER: 'microsoft.rate_limited'
  OTEL_TRACES_SAMPLER_ARG: '20'
  AZURE_CLIENT_ID: identity.clientId
}

resource site 'Microsoft.Web/sites@2024-11-01' = {
  name: 'func-${app}-${token}'
  location: location
  tags: tags
  kind: 'functionapp,linux,container'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: { '${identity.id}': {} }
  }
  properties: {
    serverFarmId: planId
    reserved: true
    httpsOnly: true
    publicNetworkAccess: private ? 'Disabled' : 'Enabled'
    virtualNetworkSubnetId: empty(subnetId) ? null : subnetId
    outboundVnetRouting: empty(subnetId) ? null : { allTraffic: true, imagePullTraffic: true }
    siteConfig: {
      linuxFxVersion: 'DOCKER|${image}'
      acrUseManagedIdentityCreds: true
      acrUserManagedIdentityID: identity.clientId
      functionsRuntimeScaleMonitoringEnabled: true
      minimumElasticInstanceCount: minimum
      functionAppScaleLimit: maximum
      minTlsVersion: '1.2'
      scmMinTlsVersion: '1.2'
      ftpsState: 'Disabled'
      http20Enabled: true
      remoteDebuggingEnabled: false
    }
  }

  resource values 'config' = {
    name: 'appsettings'
    properties: union(host, settings)
  }

  resource ftp 'basicPublishingCredentialsPolicies' = {
    name: 'ftp'
    properties: { allow: false }
  }

  resource scm 'basicPublishingCredentialsPolicies' = {
    name: 'scm'
    properties: { allow: false }
  }
}

output id string = site.id
output name string = site.name
output host string = site.properties.defaultHostName
