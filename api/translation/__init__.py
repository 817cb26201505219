"""Between HTTP and the domain: bodies to commands, states to answers, facts to sentences. Nothing here decides."""
