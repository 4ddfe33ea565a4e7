public import ArgumentParser
public import DocketClient
public import DocketCommandLine
internal import FoundationEssentials

/// Which profile a command uses.
public struct ProfileOptions: ParsableArguments {
    /// The variable that names the profile where no option does.
    public static let variable = "DOCKET_PROFILE"
    /// The name of the profile of those who name none.
    public static let defaultName = "default"

    /// The profile's name, if the command line has one.
    @Option(help: "The profile, by name. Default: $DOCKET_PROFILE, or 'default'.")
    public var profile: String?

    /// Options that name nothing.
    public init() {}

    /// The profile's name.
    public var name: String {
        let named = ProcessInfo.processInfo.environment[Self.variable] ?? ""
        return profile ?? (named.isEmpty ? Self.defaultName : named)
    }

    /// The profile's folder, which need not exist.
    ///
    /// - Parameter application: The name of the program.
    /// - Returns: The path.
    /// - Throws: `CommandFailure` for a name that no profile can have.
    public func folder(of application: String) throws(CommandFailure) -> String {
        do throws(ProfileError) {
            return try Profile.folder(named: name, application: application)
        } catch {
            throw CommandFailure(error)
        }
    }

    /// What the profile knows of its server.
    ///
    /// - Parameter application: The name of the program.
    /// - Returns: The account; nil where nobody has signed in with the profile.
    /// - Throws: `CommandFailure` for an account that cannot be read.
    public func account(of application: String) throws(CommandFailure) -> ProfileAccount? {
        let folder = try folder(of: application)
        do throws(ProfileError) {
            return try ProfileAccount.read(at: folder)
        } catch {
            throw CommandFailure(error)
        }
    }
}

extension CommandFailure {
    /// Describes a profile that cannot be used.
    public init(_ error: ProfileError) {
        let status: ExitStatus =
            switch error {
            case .busy: .tryAgainLater
            case .invalidName, .unsent: .usage
            case .notOwned, .wrongKind, .hasOtherNames, .networkFileSystem, .tooNew, .full,
                .damaged, .failed:
                .localFile
            }
        self.init("\(error)", status: status)
    }

    /// Describes a message that is not kept.
    public init(_ error: EnqueueError) {
        let status: ExitStatus =
            switch error {
            case .profileBusy: .tryAgainLater
            case .tooLarge, .attachmentTooLarge, .keyReused, .invalid: .usage
            case .otherPrincipal: .notSignedIn
            case .outboxFull, .storageFull, .storageFailed, .attachmentUnreadable: .localFile
            case .attachmentUnsent: .unreachable
            case .closed: .interrupted
            }
        self.init("\(error)", status: status)
    }
}
