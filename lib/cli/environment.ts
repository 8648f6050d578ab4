/** What each environment variable that Packflow reads does. */
export const ENVIRONMENT: Readonly<Record<string, string>> = {
  BACKEND_CONFIG_FILE_PATH:
    "A JSON file whose object configs is merged into the backend's options, over all others.",
  NO_COLOR: "Where it holds anything, nothing is in colour.",
  OTEL_DENO: "With true, serve exports traces and metrics by OpenTelemetry.",
  PACKFLOW_KAFKA_CONFIG: "A JSON file that says how Kafka lets run in, where no --kafka-config is named.",
  PACKFLOW_KAFKA_PASSWORD: "The password for Kafka; it goes before the one in the file.",
  PACKFLOW_KAFKA_SASL_MECHANISM: "PLAIN, SCRAM-SHA-256 or SCRAM-SHA-512; it goes before the one in the file.",
  PACKFLOW_KAFKA_TLS: "Whether Kafka is reached over TLS, true or false; it goes before the file.",
  PACKFLOW_KAFKA_USERNAME: "The user for Kafka; it goes before the one in the file.",
  PACKFLOW_LOG_LEVEL: "The least that is logged on standard error: debug, info (the default), warn or error.",
  PACKFLOW_TOKEN: "The token that requests to serve must carry, where no --token-file is named.",
  SOURCE_DATE_EPOCH: "The time of every file in a package that is made, in whole seconds since 1970.",
  TERM: "With dumb, create asks nothing: such a terminal cannot show its questions.",
};
