import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

export interface MetricOptions<Label extends string = never> {
  /** Without prefix; `rollcall_` is put before it. Units in the name: `_seconds`, `_bytes`, `_total`. */
  readonly name: string;
  readonly help: string;
  /** Few and bounded values only: an integration, never a person. */
  readonly labels?: readonly Label[];
}
export interface HistogramOptions<Label extends string = never> extends MetricOptions<Label> {
  /** Upper bounds, ascending. */
  readonly buckets?: readonly number[];
}

export interface Metrics {
  counter<Label extends string = never>(options: MetricOptions<Label>): Counter<Label>;
  gauge<Label extends string = never>(options: MetricOptions<Label>): Gauge<Label>;
  histogram<Label extends string = never>(options: HistogramOptions<Label>): Histogram<Label>;
  /** All metrics in the text form that Prometheus reads. */
  render(): Promise<string>;
  readonly contentType: string;
}

/**
 * Metrics of one service in a registry of their own, with the process metrics of prom-client. A factory called twice
 * with one name returns the metric made first, so parts need not know of each other.
 */
export function createMetrics(service: string): Metrics {
  const registry = new Registry();
  registry.setDefaultLabels({ service });
  // Its timer wakes the process each time; at the default of 10 ms that is most of what an idle service does.
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: 100 });
  const made = new Map<string, Counter | Gauge | Histogram>();

  const once = <Made extends Counter | Gauge | Histogram>(
    options: MetricOptions<string>,
    make: (settings: { name: string; help: string; labelNames: string[]; registers: Registry[] }) => Made,
  ): Made => {
    const name = `rollcall_${options.name}`;
    const known = made.get(name);
    if (known) return known as Made;
    const metric = make({ name, help: options.help, labelNames: [...(options.labels ?? [])], registers: [registry] });
    made.set(name, metric);
    return metric;
  };

  return {
    counter: (options) => once(options, (settings) => new Counter(settings)),
    gauge: (options) => once(options, (settings) => new Gauge(settings)),
    histogram: (options) =>
      once(options, (settings) =>
        options.buckets ? new Histogram({ ...settings, buckets: [...options.buckets] }) : new Histogram(settings),
      ),
    render: () => registry.metrics(),
    contentType: registry.contentType,
  };
}
