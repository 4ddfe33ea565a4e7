internal import COpenSSL

/// An X.509 certificate.
///
/// Sendable although it holds a pointer: OpenSSL counts references atomically, and a certificate
/// is not changed once it has been read or signed.
@safe package final class Certificate: @unchecked Sendable {
    /// Where a moment stands to the validity of a certificate.
    package enum Standing: Equatable, Sendable {
        /// Before it begins.
        case notYetValid
        /// Within it.
        case valid
        /// After its end.
        case expired
    }

    /// The library's object, which lives as long as this one.
    package let pointer: OpaquePointer

    /// Takes over one reference to a certificate of OpenSSL's.
    package init(owning pointer: OpaquePointer) {
        unsafe self.pointer = pointer
    }

    deinit {
        unsafe X509_free(pointer)
    }

    /// Reads all certificates of a PEM text in their order; there is at least one.
    ///
    /// Text between the certificates is skipped, as RFC 7468 allows.
    package static func all(
        inPEM text: String
    ) throws(CertificateError) -> [Certificate] {
        ERR_clear_error()
        let bytes = Array(text.utf8)
        let certificates = unsafe PEM.reading(bytes.span.bytes) { bio in
            var certificates: [Certificate] = []
            while let pointer = unsafe PEM_read_bio_X509(bio, nil, nil, nil) {
                unsafe certificates.append(Certificate(owning: pointer))
            }
            return certificates
        }
        // Reading stops at the end of the text with the error "no start line", which is no error.
        let isAtEnd = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE
        let detail = OpenSSLErrors.drain()
        guard let certificates, isAtEnd else { throw .unreadableCertificate(detail) }
        guard !certificates.isEmpty else { throw .noCertificate }
        return certificates
    }

    /// The certificate as PEM.
    package func pem() throws(CertificateError) -> String {
        guard let text = unsafe PEM.writing({ unsafe PEM_write_bio_X509($0, pointer) }) else {
            throw .notMade(OpenSSLErrors.drain())
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// Where a moment stands to the certificate's validity.
    package func standing(at moment: UnixTime) -> Standing {
        let order = unsafe docket_certificate_validity_compare(pointer, moment.seconds)
        return order == 0 ? .valid : order < 0 ? .notYetValid : .expired
    }

    /// The end of the validity; nil if the certificate's date cannot be read.
    package var expiry: UnixTime? {
        var days: Int32 = 0
        var seconds: Int32 = 0
        guard let epoch = unsafe ASN1_TIME_set(nil, 0) else { return nil }
        defer { unsafe ASN1_TIME_free(epoch) }
        let end = unsafe X509_get0_notAfter(pointer)
        guard unsafe ASN1_TIME_diff(&days, &seconds, epoch, end) == 1 else { return nil }
        return UnixTime(secondsSinceEpoch: Int64(days) * 86_400 + Int64(seconds))
    }

    /// Whether another certificate's key signed this one, as that certificate's name says.
    package func isIssued(by issuer: Certificate) -> Bool {
        guard unsafe X509_check_issued(issuer.pointer, pointer) == X509_V_OK else { return false }
        let isSigned = unsafe X509_verify(pointer, X509_get0_pubkey(issuer.pointer)) == 1
        ERR_clear_error()
        return isSigned
    }

    /// The names the certificate vouches for, in their order.
    package var alternativeNames: [SubjectAlternativeName] {
        var names: [SubjectAlternativeName] = []
        unsafe withUnsafeMutablePointer(to: &names) { target in
            unsafe docket_certificate_visit_names(pointer, appendName, target)
        }
        return names
    }
}

/// Appends one visited name to the array that the context points to.
private func appendName(
    kind: docket_name_kind,
    start: UnsafePointer<UInt8>?,
    count: Int,
    context: UnsafeMutableRawPointer?
) {
    guard let start = unsafe start else { return }
    let bytes = unsafe Array(UnsafeBufferPointer(start: start, count: count))
    let text = String(decoding: bytes, as: UTF8.self)
    let name: SubjectAlternativeName? =
        switch kind {
        case DOCKET_NAME_DNS: .dns(text)
        case DOCKET_NAME_URI: .uri(text)
        default: IPAddress(bytes: bytes).map(SubjectAlternativeName.address)
        }
    let names = unsafe context?.assumingMemoryBound(to: [SubjectAlternativeName].self)
    if let name {
        unsafe names?.pointee.append(name)
    }
}
