/// Who may do what in the account: [Doorkeeper] turns the credential of a request (bearer token, account key, shared
/// access signature) into a [Grant]. [StringsToSign] is the one place that knows what is signed.
@NullMarked
package atelier.storage.access;

import org.jspecify.annotations.NullMarked;
