#!/bin/sh
# Writes the images that the apps run now into GitHub's environment, so that a deployment keeps them until it has built its own. Nothing runs yet: nothing is written.
set -eu

group="rg-midnightos-$AZURE_ENV_NAME"
for app in flows prover; do
  name=$(az functionapp list --resource-group "$group" --query "[?starts_with(name, 'func-$app-')].name | [0]" --output tsv 2> /dev/null || true)
  [ -n "$name" ] || continue
  image=$(az functionapp config show --resource-group "$group" --name "$name" --query linuxFxVersion --output tsv)
  variable=$(printf '%s_IMAGE' "$app" | tr '[:lower:]' '[:upper:]')
  echo "$variable=${image#DOCKER|}" >> "${GITHUB_ENV:-/dev/stdout}"
done
