internal import ArgumentParser
internal import DocketClient
internal import DocketCommandLine
internal import DocketMessages
internal import SwiftProtobuf

/// Manages companies.
struct CompanyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "company",
        abstract: "Create, list, rename and remove companies.",
        subcommands: [
            CompanyCreateCommand.self, CompanyListCommand.self, CompanyRenameCommand.self,
            CompanyRemoveCommand.self,
        ]
    )
}

/// Makes a company.
struct CompanyCreateCommand: AsyncParsableCommand, ConnectedAction {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Create a company."
    )

    @OptionGroup var signIn: SignInOptions
    @OptionGroup var output: DirectoryOutput

    @Argument(help: "The name.")
    var name: String

    @Option(help: "A category for its customers, such as vip.")
    var clientCategory: String?

    func act(with client: DocketClient) async throws -> ExitStatus {
        var fields = Docket_V1_CompanyFields()
        fields.name = name
        if let clientCategory { fields.clientCategory = clientCategory }
        try output.tell(try await Directory(client).create(fields))
        return .done
    }
}

/// Lists companies.
struct CompanyListCommand: AsyncParsableCommand, ConnectedAction {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List companies by name."
    )

    @OptionGroup var signIn: SignInOptions
    @OptionGroup var output: DirectoryOutput

    @Option(help: "Only names that begin with this, in any case.")
    var name = ""

    @Option(help: "How many to list at most.")
    var limit = 50

    func validate() throws {
        guard limit >= 1 else { throw ValidationError("--limit takes 1 or more") }
    }

    func act(with client: DocketClient) async throws -> ExitStatus {
        let found = try await Directory(client).companies(namePrefix: name, limit: limit)
        try output.show(found.companies, hasMore: found.hasMore)
        return .done
    }
}

/// Gives a company another name.
struct CompanyRenameCommand: AsyncParsableCommand, ConnectedAction {
    static let configuration = CommandConfiguration(
        commandName: "rename",
        abstract: "Rename a company."
    )

    @OptionGroup var signIn: SignInOptions
    @OptionGroup var output: DirectoryOutput

    @Argument(help: "The company, by name or id.")
    var company: String

    @Argument(help: "The new name.")
    var name: String

    func act(with client: DocketClient) async throws -> ExitStatus {
        let directory = Directory(client)
        let seen = try await directory.company(company)
        try output.tell(try await directory.update(seen, .with { $0.name = name }))
        return .done
    }
}

/// Removes a company.
struct CompanyRemoveCommand: AsyncParsableCommand, ConnectedAction {
    static let configuration = CommandConfiguration(
        commandName: "remove",
        abstract: "Remove a company that has no contacts. Needs a supervisor."
    )
    static let usualAccount = DeskOptions.Account.administrator

    @OptionGroup var signIn: SignInOptions
    @OptionGroup var output: DirectoryOutput

    @Argument(help: "The company, by name or id.")
    var company: String

    func act(with client: DocketClient) async throws -> ExitStatus {
        let directory = Directory(client)
        let seen = try await directory.company(company)
        try await directory.remove(seen)
        try output.tell(removed: seen)
        return .done
    }
}
