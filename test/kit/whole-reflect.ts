// The library of the passkeys has a polyfill of `Reflect` that must find none, or a whole one. That of the plugin's sources is
// smaller. Files that share a worker load both, in any order; a helpdesk never does, because the plugin's bundle has a `Reflect`
// of its own.
import "@simplewebauthn/server";
