# As images.sh, for Windows; it builds in the registry alone.
$ErrorActionPreference = 'Stop'
$PSNativeCommandUseErrorActionPreference = $true

$tag = if ($env:IMAGE_TAG) { $env:IMAGE_TAG } else { git rev-parse --short=12 HEAD }

function Deploy($name, $file, $app, $variable) {
  az acr build --only-show-errors --registry $env:AZURE_CONTAINER_REGISTRY_NAME --image "${name}:$tag" --file $file .
  $digest = az acr repository show --name $env:AZURE_CONTAINER_REGISTRY_NAME --image "${name}:$tag" --query digest --output tsv
  $image = "$env:AZURE_CONTAINER_REGISTRY_ENDPOINT/$name@$digest"
  az functionapp config set --only-show-errors --resource-group $env:AZURE_RESOURCE_GROUP --name $app --linux-fx-version "DOCKER|$image" --output none
  azd env set $variable $image
  Write-Output "$app runs $image"
}

Deploy flows orchestrations/Azure/Dockerfile $env:FLOWS_APP FLOWS_IMAGE
Deploy prover functions/Azure.Prover/Dockerfile $env:PROVER_APP PROVER_IMAGE
