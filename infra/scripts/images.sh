#!/bin/sh
# Builds the images of the flows and the prover in the registry and gives them to their apps. What it reads are outputs of infra/bicep/main.bicep.
# IMAGE_BUILDER=docker builds them here instead: an isolated registry takes images only from its own network.
set -eu

tag="${IMAGE_TAG:-$(git rev-parse --short=12 HEAD)}"

deploy() { # <image> <Dockerfile> <app> <variable that keeps the image's name>
  if [ "${IMAGE_BUILDER:-registry}" = docker ]; then
    az acr login --name "$AZURE_CONTAINER_REGISTRY_NAME"
    docker build --platform linux/amd64 --tag "$AZURE_CONTAINER_REGISTRY_ENDPOINT/$1:$tag" --file "$2" .
    docker push "$AZURE_CONTAINER_REGISTRY_ENDPOINT/$1:$tag"
  else
    az acr build --only-show-errors --registry "$AZURE_CONTAINER_REGISTRY_NAME" --image "$1:$tag" --file "$2" .
  fi
  # By digest: a tag that is moved later changes nothing that runs.
  digest=$(az acr repository show --name "$AZURE_CONTAINER_REGISTRY_NAME" --image "$1:$tag" --query digest --output tsv)
  image="$AZURE_CONTAINER_REGISTRY_ENDPOINT/$1@$digest"
  az functionapp config set --only-show-errors --resource-group "$AZURE_RESOURCE_GROUP" --name "$3" --linux-fx-version "DOCKER|$image" --output none
  if command -v azd > /dev/null && [ -n "${AZURE_ENV_NAME:-}" ]; then azd env set "$4" "$image"; fi
  if [ -n "${GITHUB_ENV:-}" ]; then echo "$4=$image" >> "$GITHUB_ENV"; fi
  echo "$3 runs $image"
}

deploy flows orchestrations/Azure/Dockerfile "$FLOWS_APP" FLOWS_IMAGE
deploy prover functions/Azure.Prover/Dockerfile "$PROVER_APP" PROVER_IMAGE
