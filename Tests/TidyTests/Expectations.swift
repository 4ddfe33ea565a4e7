import Testing

/// Fails once for every place where the repository breaks a rule.
func expectRepositoryKeeps(
    _ rule: (Repository) -> [Finding],
    sourceLocation: SourceLocation = #_sourceLocation
) throws {
    for finding in rule(try Repository.current.get()) {
        Issue.record("\(finding)", sourceLocation: sourceLocation)
    }
}

/// Fails once for every place where a file of the repository breaks a rule.
func expectEveryFileKeeps(
    _ rule: (TextFile) -> [Finding],
    sourceLocation: SourceLocation = #_sourceLocation
) throws {
    try expectRepositoryKeeps({ $0.files.flatMap(rule) }, sourceLocation: sourceLocation)
}
