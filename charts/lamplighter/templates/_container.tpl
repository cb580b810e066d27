{{/* Owns the container's arguments and environment. */}}

{{- define "lamplighter.basePath" -}}
{{- .Values.config.baseURL | default "" | trimSuffix "/" }}
{{- end }}

{{- define "lamplighter.sessionsFolder" -}}/var/lib/lamplighter{{- end }}
{{- define "lamplighter.keyFolder" -}}/etc/lamplighter/session-key{{- end }}

{{- define "lamplighter.args" -}}
{{- $config := .Values.config }}
{{- $sessions := .Values.sessions }}
{{- $args := list }}
{{- if $config.inCluster }}
{{- $args = append $args "-in-cluster" }}
{{- if $config.inClusterContextName }}
{{- $args = append $args (printf "-in-cluster-context-name=%s" $config.inClusterContextName) }}
{{- end }}
{{- if $config.unsafeUseServiceAccountToken }}
{{- $args = append $args "-unsafe-use-service-account-token" }}
{{- if $config.serviceAccountTokenPath }}
{{- $args = append $args (printf "-service-account-token-path=%s" $config.serviceAccountTokenPath) }}
{{- end }}
{{- end }}
{{- end }}
{{- if $config.enableHelm }}{{ $args = append $args "-enable-helm" }}{{ end }}
{{- if $config.oidc.useCookie }}{{ $args = append $args "-oidc-use-cookie" }}{{ end }}
{{- if hasKey $config "sessionTTL" }}
{{- $args = append $args (printf "-session-ttl=%d" (int64 $config.sessionTTL)) }}
{{- end }}
{{- range include "lamplighter.oidcPlan" . | fromYamlArray }}
{{- $args = append $args (printf "-%s=$(%s)" .flag .variable) }}
{{- end }}
{{- if $config.baseURL }}{{ $args = append $args (printf "-base-url=%s" $config.baseURL) }}{{ end }}
{{- if $config.tlsCertPath }}{{ $args = append $args (printf "-tls-cert-path=%s" $config.tlsCertPath) }}{{ end }}
{{- if $config.tlsKeyPath }}{{ $args = append $args (printf "-tls-key-path=%s" $config.tlsKeyPath) }}{{ end }}
{{- if eq $sessions.store "file" }}
{{- $args = append $args (printf "-session-store=%s/sessions.sqlite" (include "lamplighter.sessionsFolder" .)) }}
{{- end }}
{{- if $sessions.idleTTL }}{{ $args = append $args (printf "-session-idle-ttl=%d" (int64 $sessions.idleTTL)) }}{{ end }}
{{- if $sessions.key.secretName }}
{{- $args = append $args (printf "-session-key-file=%s/session.key" (include "lamplighter.keyFolder" .)) }}
{{- end }}
{{- concat $args ($config.extraArgs | default list) (.Values.extraArgs | default list) | toYaml }}
{{- end }}

{{/* Kubernetes lets the last of two entries of one name win, so what people wrote themselves comes last. */}}
{{- define "lamplighter.env" -}}
{{- $root := . }}
{{- $env := list }}
{{- range include "lamplighter.oidcPlan" . | fromYamlArray }}
{{- if .entry }}{{ $env = append $env .entry }}{{ end }}
{{- end }}
{{- if eq .Values.sessions.store "redis" }}
{{- $ref := dict "name" .Values.sessions.redis.secretName "key" .Values.sessions.redis.secretKey }}
{{- $env = append $env (dict "name" "LAMPLIGHTER_SESSION_STORE" "valueFrom" (dict "secretKeyRef" $ref)) }}
{{- end }}
{{- $secrets := include "lamplighter.ownSecrets" . | fromYaml }}
{{- range include "lamplighter.ownEnv" . | fromYamlArray }}
{{- if and (hasKey $secrets .name) .value }}
{{- $ref := dict "name" (include "lamplighter.ownSecretName" $root) "key" .name }}
{{- $env = append $env (dict "name" .name "valueFrom" (dict "secretKeyRef" $ref)) }}
{{- else }}
{{- $env = append $env . }}
{{- end }}
{{- end }}
{{- $env | toYaml }}
{{- end }}
