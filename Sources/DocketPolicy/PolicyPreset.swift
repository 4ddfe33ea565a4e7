/// A policy that is shipped with Docket.
package struct PolicyPreset: Hashable, Sendable {
    /// What people ask for it by.
    package let name: String
    private let bytes: [UInt8]

    /// Its document.
    package var text: String { String(decoding: bytes, as: UTF8.self) }

    /// The policy of a desk that has none of its own.
    package static let `default` = PolicyPreset(
        name: "default",
        bytes: PackageResources.default_yaml
    )
}

extension PolicyDocument {
    /// The policies that are shipped.
    package static let presets = [PolicyPreset.default]
}
