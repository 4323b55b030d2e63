"""placeholder"""
REVIEW_COMMANDS = {}
def add_review_commands(commands, study_option):
    pass
