// To try it and to develop.

using 'main.bicep'

import { dev } from 'sizes.bicep'

param environmentName = 'dev'
param location = 'westeurope'
param size = dev
param network = 'preview'
