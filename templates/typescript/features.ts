import { z } from "packflow";

/** An event: what a crawler found of a web site. Fields that are not named here are left alone. */
export const Site = z.object({
  url: z.url({ protocol: /^https?$/ }),
  certificate: z.enum(["none", "untrusted", "trusted"]),
  /** Where the page's form is sent; null where the page has none. */
  form_action: z.string().nullable(),
  popup: z.enum(["none", "plain", "asks_for_password"]),
  /** Hosts that images, scripts and styles come from, one for each. */
  resource_hosts: z.array(z.string()),
  /** Hosts that links lead to, one for each. */
  link_hosts: z.array(z.string()),
  /** Place among the most visited sites, from 1; null where it has none. */
  rank: z.int().positive().nullable(),
  /** Null where it is not known. */
  domain_age_days: z.number().nonnegative().nullable(),
});
export type Site = z.infer<typeof Site>;

/** What the model takes, in its order. */
export const FEATURES = [
  "empty_server_form_handler",
  "popup_window",
  "https",
  "request_from_other_domain",
  "anchor_from_other_domain",
  "is_popular",
  "long_url",
  "age_of_domain",
  "ip_in_url",
] as const;

/** The model's features of one event: 0 is the sign of phishing, 1 of a genuine site; `ip_in_url` is the other way. */
export type Features = Record<typeof FEATURES[number], number>;

const HALF_A_YEAR = 182;

/** Turns what was found into the numbers that the model was trained on. */
export function featuresOf(site: Site): Features {
  const { hostname } = new URL(site.url);
  return {
    empty_server_form_handler: formHandler(site.form_action, hostname, site.url),
    popup_window: { none: 1, plain: 0.5, asks_for_password: 0 }[site.popup],
    https: { trusted: 1, untrusted: 0.5, none: 0 }[site.certificate],
    request_from_other_domain: steps(foreignShare(site.resource_hosts, hostname), 0.22, 0.61),
    anchor_from_other_domain: steps(foreignShare(site.link_hosts, hostname), 0.31, 0.67),
    is_popular: site.rank === null ? 0 : site.rank < 150_000 ? 1 : 0.5,
    long_url: steps(site.url.length, 54, 76),
    age_of_domain: Number((site.domain_age_days ?? 0) >= HALF_A_YEAR),
    ip_in_url: Number(/^[\d.]+$|^\[/.test(hostname)),
  };
}

/** Where the page sends what is typed into it: nowhere (0), elsewhere (0.5), home (1). */
function formHandler(action: string | null, hostname: string, base: string): number {
  if (action === null) return 1;
  if (action === "" || action === "about:blank") return 0;
  return URL.parse(action, base)?.hostname === hostname ? 1 : 0.5;
}

/** The part of the hosts that are others than the page's own, from 0 to 1. */
function foreignShare(hosts: readonly string[], own: string): number {
  return hosts.length === 0 ? 0 : hosts.filter((host) => host !== own).length / hosts.length;
}

/** 1 below the first limit, 0.5 below the second, else 0. */
function steps(value: number, first: number, second: number): number {
  return value < first ? 1 : value < second ? 0.5 : 0;
}
