/// The wire form of application protocols (RFC 7301, section 3.1): each name after its length.
struct ApplicationProtocols {
    let wireForm: [UInt8]

    init(_ names: [String]) throws(TLSConfigurationError) {
        var wireForm: [UInt8] = []
        for name in names {
            guard let count = UInt8(exactly: name.utf8.count), count > 0 else {
                throw .invalidApplicationProtocols
            }
            wireForm.append(count)
            wireForm.append(contentsOf: name.utf8)
        }
        guard !wireForm.isEmpty, wireForm.count <= UInt16.max else {
            throw .invalidApplicationProtocols
        }
        self.wireForm = wireForm
    }
}
