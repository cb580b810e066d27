{{/* Owns how each OIDC value reaches the server: as which variable, from where, as which argument. */}}

{{/* Value, variable and flag of each; the order is that of the arguments. */}}
{{- define "lamplighter.oidcSettings" -}}
- {value: clientID, variable: OIDC_CLIENT_ID, flag: oidc-client-id}
- {value: clientSecret, variable: OIDC_CLIENT_SECRET, flag: oidc-client-secret}
- {value: issuerURL, variable: OIDC_ISSUER_URL, flag: oidc-idp-issuer-url}
- {value: scopes, variable: OIDC_SCOPES, flag: oidc-scopes}
- {value: callbackURL, variable: OIDC_CALLBACK_URL, flag: oidc-callback-url}
- {value: validatorClientID, variable: OIDC_VALIDATOR_CLIENT_ID, flag: oidc-validator-client-id}
- {value: validatorIssuerURL, variable: OIDC_VALIDATOR_ISSUER_URL, flag: oidc-validator-idp-issuer-url}
- {value: useAccessToken, variable: OIDC_USE_ACCESS_TOKEN, flag: oidc-use-access-token}
- {value: usePKCE, variable: OIDC_USE_PKCE, flag: oidc-use-pkce}
- {value: meUserInfoURL, variable: ME_USER_INFO_URL, flag: me-user-info-url}
{{- end }}

{{/* The environment people wrote themselves. */}}
{{- define "lamplighter.ownEnv" -}}
{{- concat (.Values.env | default list) (.Values.extraEnv | default list) | toYaml }}
{{- end }}

{{/* Names under which the server takes a client secret: whoever writes one as a plain value gets it put into a Secret. */}}
{{- define "lamplighter.secretVariables" -}}
- OIDC_CLIENT_SECRET
- LAMPLIGHTER_OIDC_CLIENT_SECRET
- HEADLAMP_CONFIG_OIDC_CLIENT_SECRET
{{- end }}

{{- define "lamplighter.ownSecretName" -}}
{{- printf "%s-oidc-client" (include "lamplighter.fullname" . | trunc 51 | trimSuffix "-") }}
{{- end }}

{{/* What goes into the chart's own Secret, by variable: secrets that were given as plain text outside config.oidc.secret. */}}
{{- define "lamplighter.ownSecrets" -}}
{{- $oidc := .Values.config.oidc }}
{{- $secrets := dict }}
{{- if and $oidc.clientSecret (not $oidc.secret.create) (not $oidc.externalSecret.enabled) }}
{{- $_ := set $secrets "OIDC_CLIENT_SECRET" $oidc.clientSecret }}
{{- end }}
{{- $names := include "lamplighter.secretVariables" . | fromYamlArray }}
{{- range include "lamplighter.ownEnv" . | fromYamlArray }}
{{- if and (has .name $names) .value }}
{{- $_ := set $secrets .name .value }}
{{- end }}
{{- end }}
{{- $secrets | toYaml }}
{{- end }}

{{/*
One plan for both lists, so that no argument can name a variable that nobody sets: a list of
{flag, variable, entry}, where `entry` is the variable's definition and absent when it comes from elsewhere
(the external Secret, or the environment people wrote themselves).
*/}}
{{- define "lamplighter.oidcPlan" -}}
{{- $root := . }}
{{- $oidc := .Values.config.oidc }}
{{- $external := $oidc.externalSecret }}
{{- $named := list }}
{{- range include "lamplighter.ownEnv" . | fromYamlArray }}
{{- $named = append $named .name }}
{{- end }}
{{- $inExternal := list }}
{{- if $external.enabled }}
{{- $inExternal = list "clientID" "issuerURL" }}
{{- if $external.hasClientSecret }}{{ $inExternal = append $inExternal "clientSecret" }}{{ end }}
{{- if $external.hasScopes }}{{ $inExternal = append $inExternal "scopes" }}{{ end }}
{{- end }}
{{- $plan := list }}
{{- range include "lamplighter.oidcSettings" . | fromYamlArray }}
{{- $step := dict "flag" .flag "variable" .variable }}
{{- $given := get $oidc .value }}
{{- if or (has .variable $named) (has .value $inExternal) }}
{{- $plan = append $plan $step }}
{{- else if and $given (not (and $external.enabled (eq .value "clientSecret"))) }}
{{- $entry := dict "name" .variable }}
{{- if and $oidc.secret.create (not $external.enabled) }}
{{- $_ := set $entry "valueFrom" (dict "secretKeyRef" (dict "name" $oidc.secret.name "key" .value)) }}
{{- else if eq .value "clientSecret" }}
{{- $_ := set $entry "valueFrom" (dict "secretKeyRef" (dict "name" (include "lamplighter.ownSecretName" $root) "key" .variable)) }}
{{- else }}
{{- $_ := set $entry "value" (toString $given) }}
{{- end }}
{{- $plan = append $plan (set $step "entry" $entry) }}
{{- end }}
{{- end }}
{{- $plan | toYaml }}
{{- end }}
