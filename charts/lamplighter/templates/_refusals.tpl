{{/* Owns what is refused before anything is rendered, each with the way out. */}}

{{- define "lamplighter.refusals" -}}
{{- $sessions := .Values.sessions }}
{{- if not (has $sessions.store (list "memory" "file" "redis")) }}
{{- fail (printf "sessions.store: %q is none of memory, file and redis." (toString $sessions.store)) }}
{{- end }}
{{- if and (gt (int .Values.replicaCount) 1) (ne $sessions.store "redis") }}
{{- fail (printf "replicaCount: %d replicas can't share sessions.store %s, so people would be signed out at every second request; use sessions.store redis." (int .Values.replicaCount) $sessions.store) }}
{{- end }}
{{- if eq $sessions.store "redis" }}
{{- if not $sessions.redis.secretName }}
{{- fail "sessions.redis.secretName: is missing; name a Secret that holds the URL of the Redis or Valkey server." }}
{{- end }}
{{- if not $sessions.key.secretName }}
{{- fail "sessions.key.secretName: is missing; replicas that share a store must share its keys. Make one: kubectl create secret generic lamplighter-session-key --from-literal=session.key=\"$(openssl rand -base64 32)\"" }}
{{- end }}
{{- end }}
{{- if and .Values.config.oidc.externalSecret.enabled (not .Values.config.oidc.externalSecret.name) }}
{{- fail "config.oidc.externalSecret.name: is missing; name the Secret that holds OIDC_CLIENT_ID, OIDC_ISSUER_URL and the like." }}
{{- end }}
{{- if and .Values.clusterRoleBinding.create (not .Values.clusterRoleBinding.clusterRoleName) }}
{{- fail "clusterRoleBinding.clusterRoleName: is missing, and there is no default; the server itself needs no role." }}
{{- end }}
{{- end }}
