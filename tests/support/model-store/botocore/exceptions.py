class ClientError(Exception):
    def __init__(self, code, operation):
        super().__init__(f"An error occurred ({code}) when calling the {operation} operation")
        self.response = {"Error": {"Code": code}}
