/// A policy that is shipped with Docket.
package struct PolicyPreset: Hashable, Sendable, CustomStringConvertible {
    /// What people ask for it by.
    package let name: String
    private let bytes: [UInt8]

    /// Its document.
    package var text: String { String(decoding: bytes, as: UTF8.self) }

    /// Its name.
    package var description: String { name }

    private init(_ name: String, _ bytes: [UInt8]) {
        self.name = name
        self.bytes = bytes
    }

    /// The policy of a desk that has none of its own.
    package static let `default` = PolicyPreset("default", PackageResources.default_yaml)

    fileprivate static let others = [
        PolicyPreset("connectiveone", PackageResources.connectiveone_yaml),
        PolicyPreset("superoffice", PackageResources.superoffice_yaml),
        PolicyPreset("omnidesk", PackageResources.omnidesk_yaml),
        PolicyPreset("elma365", PackageResources.elma365_yaml),
        PolicyPreset("3dolphins", PackageResources._dolphins_yaml),
    ]
}

extension PolicyDocument {
    /// The policies that are shipped, the default one first.
    package static let presets = [PolicyPreset.default] + PolicyPreset.others
}
