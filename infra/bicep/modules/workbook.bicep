// The platform on one page: what runs, waits, fails and costs time.

param location string
param tags object

@minLength(13)
@maxLength(13)
param token string

param insightsId string

resource workbook 'Microsoft.Insights/workbooks@2023-06-01' = {
  name: guid(resourceGroup().id, 'midnightos', token)
  location: location
  tags: tags
  kind: 'shared'
  properties: {
    displayName: 'MidnightOS.Functions'
    category: 'workbook'
    sourceId: insightsId
    version: 'Notebook/1.0'
    serializedData: loadTextContent('workbook.json')
  }
}

output id string = workbook.id
