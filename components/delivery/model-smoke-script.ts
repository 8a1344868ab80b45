/**
 * Asks a model server for an answer, as a caller would: health first, then one chat completion with the API key. Takes everything
 * from the environment. The last line of its output is the reason of a failure; it never prints the key.
 */
export const MODEL_SMOKE_SCRIPT = `set -u
end=$((SECONDS + SMOKE_TIMEOUT_SECONDS))
reason="nothing was tried"

attempt() {
  if ! curl --silent --fail --output /dev/null --max-time 10 "$MODEL_URL/health"; then
    reason="$MODEL_URL/health does not answer with 200"
    return 1
  fi
  # By standard input: arguments of a process are there for everybody to read.
  answer=$(printf 'header = "Authorization: Bearer %s"\\n' "$MODEL_API_KEY" |
    curl --config - --silent --show-error --max-time 120 --header 'Content-Type: application/json' \\
      --write-out '\\n%{http_code}' --data "$MODEL_REQUEST" "$MODEL_URL/v1/chat/completions" 2>&1)
  status=$(printf '%s' "$answer" | tail -n 1)
  content=$(printf '%s' "$answer" | sed '$d' | jq --raw-output '.choices[0].message.content // empty' 2>/dev/null)
  if [ "$status" != 200 ]; then
    reason="a chat completion ends with status $status: $(printf '%s' "$answer" | sed '$d' | head -c 300)"
    return 1
  fi
  if [ -z "$(printf '%s' "$content" | tr -d '[:space:]')" ]; then
    reason="a chat completion has no content"
    return 1
  fi
}

until attempt; do
  if [ "$SECONDS" -ge "$end" ]; then
    echo "smoke test of $MODEL_URL failed for $SMOKE_TIMEOUT_SECONDS s: $reason" >&2
    exit 1
  fi
  sleep "$SMOKE_PAUSE_SECONDS"
done
echo "smoke test of $MODEL_URL passed"
`;
