/** Metrics for Prometheus: https://github.com/siimon/prom-client (Apache-2.0). */
export { Counter, Gauge, Histogram, Registry } from "npm:prom-client@15.1.3";
