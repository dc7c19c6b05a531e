// What somebody has to look at, by mail. Queries read the metrics that docs/observability.md lists.

param location string
param tags object

@minLength(13)
@maxLength(13)
param token string

param workspaceId string
param serviceBusId string
param cosmosId string
param vaultId string

@description('The principal of the flows: the only one that may open wallets.')
param flowsPrincipalId string

@description('The name of the wallets\' key.')
param walletKey string

@description('Whom the alerts are mailed to; none = they are shown in the portal only.')
param emails string[]

resource group 'Microsoft.Insights/actionGroups@2023-01-01' = {
  name: 'ag-${token}'
  location: 'global'
  tags: tags
  properties: {
    groupShortName: 'midnightos'
    enabled: true
    emailReceivers: [
      for (email, index) in emails: {
        name: 'mail-${index}'
        emailAddress: email
        useCommonAlertSchema: true
      }
    ]
  }
}

var queries = [
  {
    name: 'wallets-key'
    title: 'The wallets\' key was used by somebody else than the flows, or its use was refused'
    severity: 0
    minutes: 5
    text: 'AZKVAuditLogs | where RequestUri has "/keys/${walletKey}" | where OperationName in ("KeyUnwrap", "KeyWrap", "KeyDecrypt", "KeyBackup", "KeyDelete", "KeyUpdate") | where tostring(Identity) !has "${flowsPrincipalId}" or HttpStatusCode in (401, 403)'
  }
  {
    name: 'custody-refusals'
    title: 'Custody refused a record or a key that does not fit'
    severity: 1
    minutes: 5
    text: 'AppMetrics | where Name == "midnight.custody.operations" | where tostring(Properties.outcome) != "ok"'
  }
  {
    name: 'failed-flows'
    title: 'A flow ended by a defect'
    severity: 1
    minutes: 5
    text: 'AppMetrics | where Name == "midnight.flows.ended" | where tostring(Properties.status) == "failed"'
  }
  {
    name: 'late-work'
    title: 'Work has waited for longer than a minute'
    severity: 2
    minutes: 15
    text: 'AppMetrics | where Name == "midnight.queue.age" | where Max > 60'
  }
  {
    name: 'chain-out-of-reach'
    title: 'The indexer or the node is out of reach'
    severity: 2
    minutes: 5
    text: 'AppMetrics | where Name == "midnight.chain.circuit.state" | where Max >= 2'
  }
  {
    name: 'failed-requests'
    title: 'Requests failed with a defect or an outage'
    severity: 2
    minutes: 5
    text: 'AppMetrics | where Name == "http.server.request.duration" | where toint(Properties["http.response.status_code"]) >= 500'
  }
]

// The tables are made by their first record, so the queries cannot be checked when they are deployed.
resource rules 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = [
  for query in queries: {
    name: 'alert-${query.name}-${token}'
    location: location
    tags: tags
    kind: 'LogAlert'
    properties: {
      displayName: query.title
      enabled: true
      severity: query.severity
      scopes: [workspaceId]
      evaluationFrequency: 'PT${query.minutes}M'
      windowSize: 'PT${query.minutes}M'
      skipQueryValidation: true
      autoMitigate: true
      criteria: {
        allOf: [
          {
            query: query.text
            timeAggregation: 'Count'
            operator: 'GreaterThan'
            threshold: 0
            failingPeriods: { numberOfEvaluationPeriods: 1, minFailingPeriodsToAlert: 1 }
          }
        ]
      }
      actions: { actionGroups: [group.id] }
    }
  }
]

var metrics = [
  {
    name: 'dead-letters'
    title: 'A message was put aside: a proof, its news or what a flow is told could not be delivered'
    severity: 1
    scope: serviceBusId
    metric: 'DeadletteredMessages'
    space: 'Microsoft.ServiceBus/namespaces'
    aggregation: 'Maximum'
    threshold: 0
    dimensions: []
  }
  {
    name: 'documents-throttled'
    title: 'The request units of the documents or of the proof jobs are used up'
    severity: 2
    scope: cosmosId
    metric: 'TotalRequests'
    space: 'Microsoft.DocumentDB/databaseAccounts'
    aggregation: 'Count'
    threshold: 100
    // Each container has its own.
    dimensions: [
      { name: 'StatusCode', operator: 'Include', values: ['429'] }
      { name: 'CollectionName', operator: 'Include', values: ['*'] }
    ]
  }
  {
    name: 'vault-throttled'
    title: 'The vault refuses calls: too many of them, or no right'
    severity: 1
    scope: vaultId
    metric: 'ServiceApiResult'
    space: 'Microsoft.KeyVault/vaults'
    aggregation: 'Count'
    threshold: 5
    dimensions: [{ name: 'StatusCode', operator: 'Include', values: ['403', '429'] }]
  }
]

resource thresholds 'Microsoft.Insights/metricAlerts@2018-03-01' = [
  for item in metrics: {
    name: 'alert-${item.name}-${token}'
    location: 'global'
    tags: tags
    properties: {
      description: item.title
      enabled: true
      severity: item.severity
      scopes: [item.scope]
      evaluationFrequency: 'PT5M'
      windowSize: 'PT5M'
      autoMitigate: true
      criteria: {
        'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
        allOf: [
          {
            name: item.name
            criterionType: 'StaticThresholdCriterion'
            metricName: item.metric
            metricNamespace: item.space
            operator: 'GreaterThan'
            threshold: item.threshold
            timeAggregation: item.aggregation
            dimensions: item.dimensions
          }
        ]
      }
      actions: [{ actionGroupId: group.id }]
    }
  }
]
