// All built-in components, by family.
import { defineChoices } from './choices'
import { defineContent } from './content'
import { defineForms } from './forms'
import { defineMedia } from './media'
import { defineScrolling } from './scrolling'
import { defineTextFields } from './text-fields'

export function defineBuiltins() {
  defineContent()
  defineTextFields()
  defineForms()
  defineChoices()
  defineScrolling()
  defineMedia()
}
