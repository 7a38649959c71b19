import type { HelpdeskHost } from "../../../src/contract/helpdesk-host.ts";
import type { HostStorage } from "../../../src/contract/storage.ts";
import type { OpenedHost } from "../../../src/testing/host-contract/host-under-test.ts";
import type { Breakage } from "../../kit/mutants/load-broken.ts";

/** A mock host with one defect. */
export interface PortMutant extends Omit<Breakage, "ports"> {
	readonly breaks: readonly string[];
	ports?(host: HelpdeskHost, wholeStorage: HostStorage): Partial<HelpdeskHost>;
	/** Replaces what an administrator does. */
	handling?(opened: OpenedHost): Partial<OpenedHost>;
}

/** Mutants by the rest of a sentence that begins with "a helpdesk that". */
export type PortMutants = Readonly<Record<string, PortMutant>>;
