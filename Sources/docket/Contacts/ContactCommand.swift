internal import ArgumentParser
internal import DocketClient
internal import DocketCommandLine

/// Manages contacts.
struct ContactCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "contact",
        abstract: "Create, find and change contacts (customers).",
        discussion: """
            Name a contact by id, e-mail address, phone number, external id, or name. The
            beginning of a name will do if only one contact has it.

              docket contact create "Ana Petrova" --phone +380441234567 --credentials FILE
              docket contact find --email ana@example.com --credentials FILE
            """,
        subcommands: [
            ContactCreateCommand.self, ContactShowCommand.self, ContactFindCommand.self,
            ContactSetCommand.self, ContactCompanyCommand.self,
        ]
    )
}

/// What may be said of a contact.
struct ContactOptions: ParsableArguments {
    @Option(help: "An e-mail address. Can be repeated.")
    var email: [String] = []

    @Option(help: "A phone number. Can be repeated.")
    var phone: [String] = []

    @Option(help: "The customer's language, such as uk or pt-BR.")
    var language: String?

    @Option(help: "The customer's time zone, such as Europe/Kyiv.")
    var timeZone: String?

    @Option(help: "A category of customers, such as vip.")
    var clientCategory: String?

    @Option(help: "Anything else, as KEY=VALUE. Can be repeated.")
    var attribute: [AttributeArgument] = []

    /// The fields that were given; lists that were not are left out.
    var fields: ContactFields {
        var fields = ContactFields()
        if !email.isEmpty { fields.emails = email }
        if !phone.isEmpty { fields.phones = phone }
        fields.language = language
        fields.timeZone = timeZone
        fields.clientCategory = clientCategory
        if !attribute.isEmpty { fields.attributes = attribute.map(\.value) }
        return fields
    }
}

/// An attribute, as it is written on a command line.
struct AttributeArgument: ExpressibleByArgument {
    let value: Contact.Attribute

    init?(argument: String) {
        let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty else { return nil }
        value = Contact.Attribute(key: String(parts[0]), value: String(parts[1]))
    }
}

/// Makes a contact.
struct ContactCreateCommand: AsyncParsableCommand, ConnectedAction {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Create a contact by hand, for instance after a call. It cannot sign in."
    )

    @OptionGroup var signIn: SignInOptions
    @OptionGroup var output: DirectoryOutput
    @OptionGroup var options: ContactOptions

    @Argument(help: "The contact's name.")
    var name: String

    @Option(help: "The contact's company, by name or id.")
    var company: String?

    func act(with client: DocketClient) async throws -> ExitStatus {
        var companyID: CompanyID?
        if let company { companyID = try await Directory(client).company(company).id }
        var fields = options.fields
        fields.name = name
        let made: Contact
        do throws(DocketClientError) {
            made = try await client.contacts.create(fields, company: companyID)
        } catch {
            throw CommandFailure(
                error,
                after: .contact(emails: options.email, phones: options.phone)
            )
        }
        try output.tell(made)
        return .done
    }
}

/// Shows a contact.
struct ContactShowCommand: AsyncParsableCommand, ConnectedAction {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show everything known about a contact."
    )

    @OptionGroup var signIn: SignInOptions
    @OptionGroup var output: DirectoryOutput

    @Argument(help: "The contact: name, address, number or id.")
    var contact: String

    func act(with client: DocketClient) async throws -> ExitStatus {
        try output.show(details: try await Directory(client).contact(contact))
        return .done
    }
}

/// Finds contacts.
struct ContactFindCommand: AsyncParsableCommand, ConnectedAction {
    static let configuration = CommandConfiguration(
        commandName: "find",
        abstract: "Find contacts by one criterion, or list all of them."
    )

    @OptionGroup var signIn: SignInOptions
    @OptionGroup var output: DirectoryOutput

    @Option(help: "Names that begin with this, in any case.")
    var name: String?

    @Option(help: "An e-mail address.")
    var email: String?

    @Option(help: "A phone number.")
    var phone: String?

    @Option(help: "The id that an integration has for the contact.")
    var externalID: String?

    @Option(help: "The contact's company, by name or id.")
    var company: String?

    @Option(help: "How many to list at most.")
    var limit = 50

    func validate() throws {
        guard [name, email, phone, externalID, company].compactMap(\.self).count <= 1 else {
            throw ValidationError("Give one of --name, --email, --phone, --external-id, --company")
        }
        guard limit >= 1 else { throw ValidationError("--limit takes 1 or more") }
    }

    func act(with client: DocketClient) async throws -> ExitStatus {
        var criterion: ContactCriterion?
        if let name { criterion = .namePrefix(name) }
        if let email { criterion = .email(email) }
        if let phone { criterion = .phone(phone) }
        if let externalID { criterion = .externalID(externalID) }
        if let company { criterion = .company(try await Directory(client).company(company).id) }
        try output.show(try await client.contacts.find(by: criterion, atMost: limit))
        return .done
    }
}

/// Changes a contact.
struct ContactSetCommand: AsyncParsableCommand, ConnectedAction {
    static let configuration = CommandConfiguration(
        commandName: "set",
        abstract: "Change what is known about a contact.",
        discussion: """
            What is not given stays. A list that is given takes the place of the one
            before; an empty text removes what was known.
            """
    )

    @OptionGroup var signIn: SignInOptions
    @OptionGroup var output: DirectoryOutput
    @OptionGroup var options: ContactOptions

    @Argument(help: "The contact: name, address, number or id.")
    var contact: String

    @Option(help: "The new name.")
    var name: String?

    @Flag(help: "Remove all e-mail addresses.")
    var noEmail = false

    @Flag(help: "Remove all phone numbers.")
    var noPhone = false

    @Flag(help: "Remove all attributes.")
    var noAttribute = false

    @Flag(inversion: .prefixedNo, help: "Refuse messages from the contact, or accept them again.")
    var blocked: Bool?

    func validate() throws {
        let contradictions = [
            (noEmail && !options.email.isEmpty, "email"),
            (noPhone && !options.phone.isEmpty, "phone"),
            (noAttribute && !options.attribute.isEmpty, "attribute"),
        ]
        for (_, name) in contradictions.filter(\.0) {
            throw ValidationError("--\(name) and --no-\(name) exclude each other")
        }
    }

    private var fields: ContactFields {
        var fields = options.fields
        if let name { fields.name = name }
        if noEmail { fields.emails = [] }
        if noPhone { fields.phones = [] }
        if noAttribute { fields.attributes = [] }
        fields.isBlocked = blocked
        return fields
    }

    func act(with client: DocketClient) async throws -> ExitStatus {
        let seen = try await Directory(client).contact(contact)
        try output.tell(
            try await client.contacts.update(seen.id, fields, expecting: seen.version)
        )
        return .done
    }
}

/// Says for which company a contact speaks.
struct ContactCompanyCommand: AsyncParsableCommand, ConnectedAction {
    static let configuration = CommandConfiguration(
        commandName: "company",
        abstract: "Set the company of a contact, or remove it."
    )

    @OptionGroup var signIn: SignInOptions
    @OptionGroup var output: DirectoryOutput

    @Argument(help: "The contact: name, address, number or id.")
    var contact: String

    @Option(help: "The company, by name or id.")
    var to: String?

    @Flag(help: "Remove the company.")
    var none = false

    func validate() throws {
        guard (to != nil) != none else {
            throw ValidationError("Say which company: --to NAME or --none")
        }
    }

    func act(with client: DocketClient) async throws -> ExitStatus {
        let directory = Directory(client)
        let seen = try await directory.contact(contact)
        var company: CompanyID?
        if let to { company = try await directory.company(to).id }
        try output.tell(
            try await client.contacts.setCompany(company, of: seen.id, expecting: seen.version)
        )
        return .done
    }
}
