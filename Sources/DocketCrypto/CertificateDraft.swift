internal import COpenSSL

/// A certificate in the making.
@safe final class CertificateDraft {
    /// The serial number's length in bytes: unpredictable, as RFC 5280, section 4.1.2.2 allows.
    private static let serialLength = 16

    private let pointer: OpaquePointer

    /// Starts a certificate for a key, with the common name as its only subject.
    init(
        name: String,
        validity: ClosedRange<UnixTime>,
        key: PrivateKey
    ) throws(CertificateError) {
        ERR_clear_error()
        guard let certificate = unsafe X509_new() else { throw .notMade(OpenSSLErrors.drain()) }
        unsafe pointer = unsafe certificate
        // Version 3, which is counted from 0, is the one with extensions.
        unsafe try check(X509_set_version(pointer, 2))
        try setSerial()
        unsafe try check(X509_set_pubkey(pointer, key.pointer))
        try setValidity(validity)
        try setSubject(name)
    }

    deinit {
        unsafe X509_free(pointer)
    }

    /// Makes the certificate one that may sign others.
    func becomeAuthority() throws(CertificateError) {
        unsafe try add(NID_basic_constraints, "critical,CA:TRUE")
        unsafe try add(NID_key_usage, "critical,keyCertSign,cRLSign")
    }

    /// Makes the certificate one that a server or a client shows.
    func becomeLeaf(
        _ usage: CertificateAuthority.Usage,
        names: [SubjectAlternativeName]
    ) throws(CertificateError) {
        unsafe try add(NID_basic_constraints, "critical,CA:FALSE")
        unsafe try add(NID_key_usage, "critical,digitalSignature")
        unsafe try add(NID_ext_key_usage, usage == .server ? "serverAuth" : "clientAuth")
        guard !names.isEmpty else { return }
        var entries: [String] = []
        for name in names {
            entries.append(try Self.entry(for: name))
        }
        unsafe try add(NID_subject_alt_name, entries.joined(separator: ","))
    }

    /// Signs the certificate, with its own key if there is no issuer.
    func sign(issuer: Certificate?, key: PrivateKey) throws(CertificateError) -> Certificate {
        let issuerPointer = unsafe issuer?.pointer ?? pointer
        unsafe try check(X509_set_issuer_name(pointer, X509_get_subject_name(issuerPointer)))
        unsafe try add(NID_subject_key_identifier, "hash")
        unsafe try add(NID_authority_key_identifier, "keyid:always", issuer: issuerPointer)
        guard unsafe X509_sign(pointer, key.pointer, EVP_sha256()) > 0,
            unsafe X509_up_ref(pointer) == 1
        else {
            throw .notMade(OpenSSLErrors.drain())
        }
        return unsafe Certificate(owning: pointer)
    }

    private func setSerial() throws(CertificateError) {
        guard var bytes = try? SecureRandom.bytes(count: Self.serialLength) else {
            throw .notMade(OpenSSLErrors.drain())
        }
        // Positive, and never shorter than the others.
        bytes[0] = bytes[0] & 0x7F | 0x40
        let number = unsafe BN_bin2bn(bytes, Int32(Self.serialLength), nil)
        defer { unsafe BN_free(number) }
        let isSet = unsafe BN_to_ASN1_INTEGER(number, X509_get_serialNumber(pointer)) != nil
        try check(isSet ? 1 : 0)
    }

    private func setValidity(_ validity: ClosedRange<UnixTime>) throws(CertificateError) {
        let start = unsafe ASN1_TIME_set(nil, Int(validity.lowerBound.seconds))
        let end = unsafe ASN1_TIME_set(nil, Int(validity.upperBound.seconds))
        defer {
            unsafe ASN1_TIME_free(start)
            unsafe ASN1_TIME_free(end)
        }
        guard let start = unsafe start, let end = unsafe end else {
            throw .notMade(OpenSSLErrors.drain())
        }
        unsafe try check(X509_set1_notBefore(pointer, start))
        unsafe try check(X509_set1_notAfter(pointer, end))
    }

    private func setSubject(_ name: String) throws(CertificateError) {
        let bytes = Array(name.utf8)
        let subject = unsafe X509_get_subject_name(pointer)
        let status = unsafe X509_NAME_add_entry_by_txt(
            subject,
            "CN",
            MBSTRING_UTF8,
            bytes,
            Int32(clamping: bytes.count),
            -1,
            0
        )
        guard status == 1 else {
            ERR_clear_error()
            throw .invalidName(name)
        }
    }

    /// Adds an extension in OpenSSL's own notation.
    private func add(
        _ kind: Int32,
        _ value: String,
        issuer: OpaquePointer? = nil
    ) throws(CertificateError) {
        var context = unsafe X509V3_CTX()
        unsafe X509V3_set_ctx(&context, issuer ?? pointer, pointer, nil, nil, 0)
        guard let made = unsafe X509V3_EXT_conf_nid(nil, &context, kind, value) else {
            throw .notMade(OpenSSLErrors.drain())
        }
        defer { unsafe X509_EXTENSION_free(made) }
        unsafe try check(X509_add_ext(pointer, made, -1))
    }

    /// One name in OpenSSL's notation, which a comma would end.
    private static func entry(
        for name: SubjectAlternativeName
    ) throws(CertificateError) -> String {
        switch name {
        case .address(let address):
            return "IP:\(address)"
        case .dns(let host):
            guard isPlain(host) else { throw .invalidName(host) }
            return "DNS:\(host)"
        case .uri(let uri):
            guard isPlain(uri) else { throw .invalidName(uri) }
            return "URI:\(uri)"
        }
    }

    private static func isPlain(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != 0x2C }
    }

    private func check(_ status: Int32) throws(CertificateError) {
        guard status == 1 else { throw .notMade(OpenSSLErrors.drain()) }
    }
}
