// How large a deployment is. One object, so that a parameter file says which one in a line and may change single values with union().

@export()
@description('What a deployment costs and carries. docs/azure.md says what each part costs.')
type sizing = {
  @description('Private endpoints only: nothing but the API (by Front Door, when there is one) can be reached from outside of the network.')
  isolated: bool

  @description('Front Door with a firewall before the API. Only premium reaches an isolated API.')
  frontDoor: 'none' | 'standard' | 'premium'

  @description('Copies across availability zones, where the region has them. It decides when a part is made and cannot be changed later.')
  zoneRedundant: bool

  @description('Instances of the API that are always warm; 0 = it scales to none.')
  apiAlwaysReady: int

  @description('Megabytes of memory of one instance of the API.')
  apiMemory: 2048 | 4096

  @description('The most instances of the API, 40 to 1000.')
  apiMaximum: int

  @description('The plan of the flows and the prover: 1, 2 or 4 cores an instance. A proof keeps one core busy.')
  premiumSku: 'EP1' | 'EP2' | 'EP3'

  @description('Whether the prover has a plan of the same size of its own, and so shares no machine with the flows, which hold the wallets\' key.')
  ownProverPlan: bool

  @description('Instances of that plan that always run; 3 or more to be zone-redundant.')
  premiumMinimum: int

  @description('The most instances of that plan.')
  premiumMaximum: int

  @description('The most instances that the flows use.')
  flowsMaximum: int

  @description('The most instances that the prover uses.')
  proverMaximum: int

  @description('Copies of blobs and tables. A geo-redundant one outlives the loss of a region.')
  storageSku: 'Standard_LRS' | 'Standard_ZRS' | 'Standard_GRS' | 'Standard_GZRS'

  @description('Only Premium has private endpoints.')
  registrySku: 'Basic' | 'Standard' | 'Premium'

  @description('Only Premium has private endpoints.')
  serviceBusSku: 'Standard' | 'Premium'

  @description('Messaging units of Service Bus Premium: 1, 2, 4, 8 or 16.')
  serviceBusUnits: int

  @description('The most request units a second of the documents, scaled by itself down to a tenth; 0 = serverless, paid by request, in one region.')
  cosmosThroughput: int

  @description('The same of the proof jobs, which lie apart: 1000 or more. Not used when serverless.')
  cosmosProofsThroughput: int

  @description('How far back the documents can be restored to any second.')
  cosmosBackup: 'Continuous7Days' | 'Continuous30Days'

  @description('Consumption is paid by action, Dedicated by unit.')
  schedulerSku: 'Consumption' | 'Dedicated'

  @description('Units of a Dedicated scheduler; 3 make it zone-redundant.')
  schedulerUnits: int

  @description('Days that logs are kept.')
  logRetentionDays: int

  @description('Gigabytes of logs a day after which no more are taken, -1 = no limit.')
  logDailyCap: int

  @description('A Managed HSM pool beside Key Vault, for the wallets\' key. It has to be activated by hand.')
  managedHsm: bool
}

@export()
@description('To try it and to develop: everything by use where that is possible.')
var dev = {
  isolated: false
  frontDoor: 'none'
  zoneRedundant: false
  apiAlwaysReady: 0
  apiMemory: 2048
  apiMaximum: 40
  premiumSku: 'EP1'
  ownProverPlan: false
  premiumMinimum: 1
  premiumMaximum: 3
  flowsMaximum: 2
  proverMaximum: 2
  storageSku: 'Standard_LRS'
  registrySku: 'Basic'
  serviceBusSku: 'Standard'
  serviceBusUnits: 1
  cosmosThroughput: 0
  cosmosProofsThroughput: 1000
  cosmosBackup: 'Continuous7Days'
  schedulerSku: 'Consumption'
  schedulerUnits: 1
  logRetentionDays: 30
  logDailyCap: 1
  managedHsm: false
}

@export()
@description('Many tenants who pay by use.')
var saas = {
  isolated: false
  frontDoor: 'standard'
  zoneRedundant: true
  apiAlwaysReady: 2
  apiMemory: 2048
  apiMaximum: 200
  premiumSku: 'EP2'
  ownProverPlan: false
  premiumMinimum: 3
  premiumMaximum: 20
  flowsMaximum: 10
  proverMaximum: 20
  storageSku: 'Standard_ZRS'
  registrySku: 'Standard'
  serviceBusSku: 'Standard'
  serviceBusUnits: 1
  cosmosThroughput: 10000
  cosmosProofsThroughput: 1000
  cosmosBackup: 'Continuous30Days'
  schedulerSku: 'Dedicated'
  schedulerUnits: 3
  logRetentionDays: 90
  logDailyCap: -1
  managedHsm: false
}

@export()
@description('One enterprise in its own subscription and network.')
var enterprise = {
  isolated: true
  frontDoor: 'none'
  zoneRedundant: true
  apiAlwaysReady: 2
  apiMemory: 4096
  apiMaximum: 100
  premiumSku: 'EP2'
  ownProverPlan: true
  premiumMinimum: 3
  premiumMaximum: 10
  flowsMaximum: 5
  proverMaximum: 10
  storageSku: 'Standard_GZRS'
  registrySku: 'Premium'
  serviceBusSku: 'Premium'
  serviceBusUnits: 1
  cosmosThroughput: 4000
  cosmosProofsThroughput: 1000
  cosmosBackup: 'Continuous30Days'
  schedulerSku: 'Dedicated'
  schedulerUnits: 3
  logRetentionDays: 365
  logDailyCap: -1
  managedHsm: false
}

@export()
@description('By name.')
var sizes = {
  dev: dev
  saas: saas
  enterprise: enterprise
}
