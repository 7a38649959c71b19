/** A plugin used something that its manifest does not declare. */
export class CapabilityError extends Error {
	override readonly name = "CapabilityError";
	readonly capability: string;

	constructor(capability: string) {
		super(
			`the plugin needs the capability "${capability}", which its plugin.json does not declare under "capabilities"`,
		);
		this.capability = capability;
	}
}
