package atelier.store;

/// Bytes that were kept.
///
/// @param id name under which [ContentFiles] finds them again
/// @param size bytes
/// @param md5 MD5 as 16 bytes in hexadecimal, what storage clients verify with (Content-MD5)
/// @param sha256 SHA-256 in hexadecimal
public record Content(String id, long size, String md5, String sha256) {}
