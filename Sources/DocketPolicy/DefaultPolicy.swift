package import DocketDomain

extension Policy {
    /// Reads the shipped default policy.
    ///
    /// - Throws: Never in a build whose tests have passed, since one of them reads it.
    package static func shippedDefault() throws(PolicyError) -> Policy {
        try PolicyDocument.parse(PolicyDocument.defaultText)
    }
}

extension PolicyDocument {
    /// The document of the shipped default policy.
    package static var defaultText: String { PolicyPreset.default.text }
}
