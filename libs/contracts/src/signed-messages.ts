/**
 * Headers of a message on a topic whose owner signs (`TopicDefinition.signed`). Messages that belong together, such as a
 * page of users, share one signature: each carries the digests of all of them.
 */

/** Digests of the messages that were signed together, separated by dots: the first 22 characters (132 bits) of a SHA-256 in base64url. */
export const signedDigestsHeader = 'digests';

/** Ed25519 signature of the topic's owner over the line `rollcall.messages.v1`, a line feed, and the digests; base64url. */
export const messageSignatureHeader = 'signature';
